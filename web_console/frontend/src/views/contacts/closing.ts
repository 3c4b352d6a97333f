import type { Closing, ConfirmedLevel, ConsentScope, ConsentWay, ReferralRequest } from "../../data/contactCommands";
import type { Contact } from "../../data/contacts";
import { atLeast } from "../../data/levels";
import { isStarted, type SafetyPlan } from "../../data/safetyPlans";

/** The closing sheet as it is filled, and what it lacks. Pure: the sheet shows it, the server checks it again. */
export interface ClosingForm {
  disposition: string | null;
  level: ConfirmedLevel | null;
  /** `null`: not decided yet. */
  followup: boolean | null;
  followupAt: string;
  followupConsent: boolean;
  followupNote: string;
  referral: boolean | null;
  referralName: string;
  referralPhone: string;
  referralNeeds: string[];
  referralDistrict: string;
  referralReceivers: string[];
  referralBy: "person" | "guardian";
  referralHow: ConsentWay;
  referralConsent: boolean;
  referralNote: string;
  referralRisk: string;
}

export const BLANK_CLOSING: ClosingForm = {
  disposition: null,
  level: null,
  followup: null,
  followupAt: "",
  followupConsent: false,
  followupNote: "",
  referral: null,
  referralName: "",
  referralPhone: "",
  referralNeeds: [],
  referralDistrict: "",
  referralReceivers: [],
  referralBy: "person",
  referralHow: "in_chat",
  referralConsent: false,
  referralNote: "",
  referralRisk: "",
};

/** Sections of the sheet in their order; what is missing in one jumps to it. */
export type Section = "disposition" | "note" | "level" | "followup" | "referral" | "plan";

export interface Missing {
  section: Section;
  word:
    | "disposition"
    | "note"
    | "level"
    | "followup"
    | "followup_past"
    | "followup_consent"
    | "referral_name"
    | "referral_phone"
    | "referral_district"
    | "referral_needs"
    | "referral_consent"
    | "plan";
}

/** Dispositions of conversations that there was nobody to make a plan with. */
const NOT_SPOKEN: ReadonlySet<string> = new Set(["left_early", "silent", "harassing", "wrong_number"]);

/** Whether a safety plan is asked for: the danger was high at any time, and the person was there to talk about it. */
export function needsPlan(form: ClosingForm, contact: Pick<Contact, "level" | "peak_level" | "channel">): boolean {
  const grave = [contact.level, contact.peak_level, form.level].some((level) => level !== null && atLeast(level, "high"));
  return grave && contact.channel !== "school" && !NOT_SPOKEN.has(form.disposition ?? "");
}

/** What the referral passes on, by what is filled in: so the consent says exactly that. */
export function scopeOf(form: ClosingForm): ConsentScope[] {
  return ["identity", "needs", ...(form.referralNote.trim() ? (["summary"] as const) : []), ...(form.referralRisk.trim() ? (["risk"] as const) : [])];
}

export function missingIn(form: ClosingForm, note: string, plan: SafetyPlan, contact: Pick<Contact, "level" | "peak_level" | "channel">, now: number): Missing[] {
  const missing: Missing[] = [];
  const lack = (section: Section, word: Missing["word"], lacks: boolean) => lacks && missing.push({ section, word });
  lack("disposition", "disposition", form.disposition === null);
  lack("note", "note", note.trim() === "");
  lack("level", "level", form.level === null);
  if (form.followup) {
    const at = Date.parse(form.followupAt);
    lack("followup", "followup", Number.isNaN(at));
    lack("followup", "followup_past", at <= now);
    lack("followup", "followup_consent", !form.followupConsent);
  }
  if (form.referral) {
    lack("referral", "referral_name", form.referralName.trim() === "");
    lack("referral", "referral_phone", form.referralPhone.trim() === "");
    lack("referral", "referral_district", form.referralDistrict.trim() === "");
    lack("referral", "referral_needs", form.referralNeeds.length === 0);
    lack("referral", "referral_consent", !form.referralConsent);
  }
  lack("plan", "plan", needsPlan(form, contact) && !isStarted(plan));
  return missing;
}

/** Where the server's refusal points: the path of a field, to what the sheet calls it. */
const REFUSED: readonly (readonly [path: string, missing: Missing])[] = [
  ["disposition", { section: "disposition", word: "disposition" }],
  ["note", { section: "note", word: "note" }],
  ["level_confirmed", { section: "level", word: "level" }],
  ["followup.consent", { section: "followup", word: "followup_consent" }],
  ["followup", { section: "followup", word: "followup" }],
  ["referral.person.name", { section: "referral", word: "referral_name" }],
  ["referral.person", { section: "referral", word: "referral_phone" }],
  ["referral.district", { section: "referral", word: "referral_district" }],
  ["referral.needs", { section: "referral", word: "referral_needs" }],
  ["referral", { section: "referral", word: "referral_consent" }],
  ["safety_plan", { section: "plan", word: "plan" }],
];

export function refusedIn(fields: readonly { path: string }[]): Missing[] {
  const found = fields.flatMap(({ path }) => REFUSED.find(([known]) => path === known || path.startsWith(`${known}.`))?.[1] ?? []);
  return [...new Set(found)];
}

/** What goes to the server; only of a form that lacks nothing. */
export function closingOf(form: ClosingForm, note: string, plan: SafetyPlan, now: number): Closing {
  const followupNote = form.followupNote.trim();
  return {
    disposition: form.disposition ?? "",
    note: note.trim(),
    level_confirmed: form.level as ConfirmedLevel,
    followup: form.followup ? { due_at: new Date(form.followupAt).toISOString(), consent: true, ...(followupNote ? { note: followupNote } : {}) } : null,
    referral: form.referral ? referralOf(form, now) : null,
    referral_declined: form.referral === false,
    safety_plan: isStarted(plan) ? plan : null,
  };
}

function referralOf(form: ClosingForm, now: number): ReferralRequest {
  const note = form.referralNote.trim();
  const risk = form.referralRisk.trim();
  return {
    channel: "self",
    person: { name: form.referralName.trim(), phone: form.referralPhone.trim() },
    needs: form.referralNeeds,
    district: form.referralDistrict.trim(),
    consent: { given: true, by: form.referralBy, how: form.referralHow, at: new Date(now).toISOString(), scope: scopeOf(form), receivers: form.referralReceivers },
    ...(note ? { note } : {}),
    ...(risk ? { risk_note: risk } : {}),
  };
}
