/** What a move of a referral asks for, and the application. Names and codes are the server's. */
import type { Referral } from "./referrals";

/** Moves that may record more than they need, as plain words. */
export const DETAILS: Readonly<Record<string, readonly string[]>> = {
  register: ["identity_checked_by", "medical_opinion", "special_conditions"],
  refer: ["urgency", "documents"],
  found_suitable: ["mental_state", "insight", "physical_health", "daily_living", "social_function", "work_ability", "family_support", "strengths", "wishes", "instruments", "risk_plan", "assessors"],
  found_unsuitable: ["mental_state", "physical_health", "assessors", "advice"],
  sign: ["place", "schedule", "term", "fees", "emergency_contact", "plan", "signed_on"],
  continue: ["attendance", "goals", "change", "incidents", "plan"],
  propose_closing: ["goals", "change", "aftercare"],
  visit: ["living", "medication", "symptoms", "rehospitalised", "work_or_school", "risk_asked", "needs", "satisfaction", "action"],
};

/** Asked for beside what a move needs, without being needed. */
const ALSO: Readonly<Record<string, readonly string[]>> = { register: ["checks", "note"], refer: ["note"], found_suitable: ["note"], visit: ["note"], accept: ["note"], verify: ["note"], sign: ["services"], close: ["closure_code"] };

export const CHECKS = ["identity", "duplicates", "residence", "need", "stable"] as const;
export const DECLINE_REASONS = ["full", "out_of_scope", "distance", "unstable", "person_refused", "other"] as const;
export const CONSENT_WAYS = ["spoken", "in_chat", "in_person", "in_writing"] as const;
export const CONSENT_SCOPES = ["identity", "needs", "summary", "health", "risk"] as const;
export const VISIT_WAYS = ["phone", "visit", "online"] as const;

export type Facts = Readonly<Record<string, unknown>>;

/** The fields of a move's form, in order: what it needs, then what it may have. */
export function fieldsOf(move: { move: string; needs: string[] }): string[] {
  return [...move.needs, ...(ALSO[move.move] ?? []).filter((field) => !move.needs.includes(field))];
}

/** What still keeps the move from being made. */
export function missingOf(referral: Referral, move: { move: string; needs: string[] }, facts: Facts): string[] {
  return move.needs.filter((field) => {
    if (field === "receiver_consent" && namesReceiver(referral, facts["institution_id"])) return false;
    return !isFilled(facts[field]);
  });
}

/** Whether the consent that was given names this institution. */
export const namesReceiver = (referral: Referral, institutionId: unknown, name?: string): boolean =>
  typeof institutionId === "string" && (referral.consent.receivers.includes(institutionId) || (name !== undefined && referral.consent.receivers.includes(name)));

export const isFilled = (value: unknown): boolean => (typeof value === "string" ? value.trim() !== "" : Array.isArray(value) ? value.length > 0 : value !== undefined && value !== null);

/** Without blanks; empty details fall away. */
export function filled(facts: Facts): Record<string, unknown> {
  const kept = Object.entries(facts).filter(([, value]) => isFilled(value));
  const given: Record<string, unknown> = Object.fromEntries(kept);
  if (given["details"]) {
    const details = Object.fromEntries(Object.entries(given["details"] as Record<string, string>).filter(([, text]) => text.trim() !== ""));
    if (Object.keys(details).length > 0) given["details"] = details;
    else delete given["details"];
  }
  return given;
}

export interface ApplicationDraft {
  name: string;
  phone: string;
  birth_date: string;
  guardian_name: string;
  guardian_phone: string;
  channel: "self" | "medical" | "other";
  needs: string[];
  district: string;
  note: string;
  risk_note: string;
  consent: boolean;
  by: "person" | "guardian";
  how: string;
  scope: string[];
  receivers: string[];
}

export const NEW_APPLICATION: ApplicationDraft = {
  name: "",
  phone: "",
  birth_date: "",
  guardian_name: "",
  guardian_phone: "",
  channel: "other",
  needs: [],
  district: "",
  note: "",
  risk_note: "",
  consent: false,
  by: "person",
  how: "",
  scope: ["identity", "needs"],
  receivers: [],
};

export type Missing = "name" | "phone" | "needs" | "district" | "consent" | "how" | "scope" | "receivers";

export function gapsOfApplication(draft: ApplicationDraft): Missing[] {
  const gaps: [Missing, boolean][] = [
    ["name", draft.name.trim() === ""],
    ["phone", draft.phone.trim() === "" && draft.guardian_phone.trim() === ""],
    ["needs", draft.needs.length === 0],
    ["district", draft.district.trim() === ""],
    ["consent", !draft.consent],
    ["how", draft.how === ""],
    ["scope", scopeNeeded(draft).some((part) => !draft.scope.includes(part))],
    ["receivers", draft.receivers.length === 0],
  ];
  return gaps.filter(([, missing]) => missing).map(([name]) => name);
}

/** Nothing is passed on that the consent does not cover. */
function scopeNeeded(draft: ApplicationDraft): string[] {
  return ["identity", "needs", ...(draft.note.trim() ? ["summary"] : []), ...(draft.risk_note.trim() ? ["risk"] : [])];
}

export function applicationOf(draft: ApplicationDraft): Record<string, unknown> {
  const { name, phone, birth_date, guardian_name, guardian_phone, channel, needs, district, note, risk_note, by, how, scope, receivers } = draft;
  return {
    channel,
    person: filled({ name, phone, birth_date, guardian_name, guardian_phone }),
    needs,
    district: district.trim(),
    consent: { given: draft.consent, by, how, scope, receivers },
    ...filled({ note, risk_note }),
  };
}

/** Whole days from `today` (local) to a date; negative when it has passed. */
export function daysUntil(date: string, today: Date): number {
  const [year = 0, month = 1, day = 1] = date.split("-").map(Number);
  const midnight = Date.UTC(today.getFullYear(), today.getMonth(), today.getDate());
  return Math.round((Date.UTC(year, month - 1, day) - midnight) / 86_400_000);
}
