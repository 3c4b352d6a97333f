/** A safety plan while it is being written with the person; it is saved with the closing of the contact. Until then it stays
 * in this tab (it survives a reload, and is gone with the tab). Each person's own: whoever signs in next here does not see it. */
import { create } from "zustand";
import { useSession } from "./session";

export const PLAN_STEPS = ["warning_signs", "coping", "distraction", "people", "professionals", "environment"] as const;
export type PlanStep = (typeof PLAN_STEPS)[number];
export type SafetyPlan = Record<PlanStep, string>;

const EMPTY: SafetyPlan = { warning_signs: "", coping: "", distraction: "", people: "", professionals: "", environment: "" };
const KEY = "hotline.plans";

type Plans = Readonly<Record<string, SafetyPlan>>;

/** Whose plan for which contact. */
const keyOf = (contactId: string): string => `${useSession.getState().user?.id ?? ""} ${contactId}`;

const usePlans = create<{ plans: Plans }>(() => ({ plans: stored() }));

export const usePlan = (contactId: string): SafetyPlan => usePlans((state) => state.plans[keyOf(contactId)]) ?? EMPTY;

export function writePlan(contactId: string, step: PlanStep, text: string): void {
  const { plans } = usePlans.getState();
  const key = keyOf(contactId);
  keep({ ...plans, [key]: { ...(plans[key] ?? EMPTY), [step]: text } });
}

export function dropPlan(contactId: string): void {
  const { [keyOf(contactId)]: _saved, ...plans } = usePlans.getState().plans;
  keep(plans);
}

export const isStarted = (plan: SafetyPlan): boolean => PLAN_STEPS.some((step) => plan[step].trim() !== "");
/** What the server demands at least: something to notice, something to do, somebody to turn to. */
export const unfilled = (plan: SafetyPlan): PlanStep[] => PLAN_STEPS.filter((step) => plan[step].trim() === "");

function keep(plans: Plans): void {
  usePlans.setState({ plans });
  try {
    sessionStorage.setItem(KEY, JSON.stringify(plans));
  } catch {
    // It then lasts as long as the page.
  }
}

function stored(): Plans {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? "{}") as Plans;
  } catch {
    return {};
  }
}
