import type { Alert, AlertStep } from "../../data/alerts";
import type { Climb } from "../../data/dispatch";
import { climbOf } from "../../data/dispatch";
import { running, secondsSince } from "../../ui/clock";
import type { Key } from "../../words/areas";
import { type Say, usePick, useWords } from "../../words/words";

type T = Say<"dispatch">;
type K = Key<"dispatch">;

const ROLES: ReadonlySet<string> = new Set(["counselor", "dispatcher", "next_dispatcher", "supervisor", "everyone", "crisis_team"]);

export const roleWord = (t: T, role: string | null): string => t((role !== null && ROLES.has(role) ? `role_${role}` : "role_everyone") as K);

/** A step of the timeline in words; a kind that is not known yet still says that something changed. */
export function stepWord(t: T, step: AlertStep): string {
  const key = `step_${step.kind}` as K;
  const word = t(key);
  return word === key ? t("step_other") : word;
}

export function climbWord(t: T, climb: Climb): string {
  if (climb.what === "reminded") return t("climb_reminded");
  return t(climb.what === "next" ? "climb_next" : "climb_again", { role: roleWord(t, climb.role) });
}

/** "in 0:41: the supervisor on duty is called". */
export function climbSentence(t: T, alert: Alert, now: number): string | null {
  const climb = climbOf(alert);
  if (!climb) return null;
  const left = -secondsSince(climb.at, now);
  const what = climbWord(t, climb);
  return left > 0 ? t("ladder_in", { time: running(left), what }) : t("ladder_over", { what });
}

export function whoIsWith(t: T, alert: Alert): string {
  if (!alert.counselor) return t("with_nobody");
  return t(alert.still_in_contact ? "with_counselor" : "with_counselor_lost", { name: alert.counselor.name });
}

/** What is happening, as a person wrote it; until then why the machine proposed help. */
export function useWhat(): (alert: Alert) => string {
  const t = useWords("dispatch");
  const pick = usePick();
  return (alert) => alert.what || pick(alert, "reason") || t("what_none");
}

/** Who goes, in the reader's language where the server names both. */
export function useAssignedName(): (alert: Alert) => string | null {
  const pick = usePick();
  return (alert) => {
    if (!alert.assigned_to) return null;
    return pick(alert.assigned_to, "name") || alert.assigned_to.name;
  };
}
