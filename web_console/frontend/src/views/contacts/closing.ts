import type { Closing } from "../../data/contactCommands";
import { atLeast, type Level } from "../../data/levels";
import { isStarted, type SafetyPlan } from "../../data/safetyPlans";

/** The closing sheet as it is filled, and what it lacks. Pure: the sheet shows it, the server checks it again. */
export interface ClosingForm {
  disposition: string | null;
  level: Level | null;
  /** `null`: not decided yet. */
  followup: boolean | null;
  followupAt: string;
  followupConsent: boolean;
  followupNote: string;
  referral: boolean | null;
  referralName: string;
  referralPhone: string;
  referralNeeds: string[];
  referralScope: string[];
  referralHow: "chat" | "voice" | "written";
  referralConsent: boolean;
  referralNote: string;
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
  referralScope: ["contact_details", "needs"],
  referralHow: "chat",
  referralConsent: false,
  referralNote: "",
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
    | "referral_needs"
    | "referral_scope"
    | "referral_consent"
    | "plan";
}

/** Whether the level asks for a safety plan. */
export const needsPlan = (level: Level | null): boolean => level !== null && atLeast(level, "high");

export function missingIn(form: ClosingForm, note: string, plan: SafetyPlan, now: number): Missing[] {
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
    lack("referral", "referral_needs", form.referralNeeds.length === 0);
    lack("referral", "referral_scope", form.referralScope.length === 0);
    lack("referral", "referral_consent", !form.referralConsent);
  }
  lack("plan", "plan", needsPlan(form.level) && !isStarted(plan));
  return missing;
}

/** What goes to the server; only of a form that lacks nothing. */
export function closingOf(form: ClosingForm, note: string, plan: SafetyPlan): Closing {
  const followupNote = form.followupNote.trim();
  const referralNote = form.referralNote.trim();
  const phone = form.referralPhone.trim();
  return {
    disposition: form.disposition ?? "",
    note: note.trim(),
    level_confirmed: form.level ?? "unassessed",
    followup: form.followup ? { due_at: new Date(form.followupAt).toISOString(), consent: true, ...(followupNote ? { note: followupNote } : {}) } : null,
    referral: form.referral
      ? {
          channel: "self",
          person: { name: form.referralName.trim(), ...(phone ? { phone } : {}) },
          needs: form.referralNeeds,
          consent: { given: true, how: form.referralHow, scope: form.referralScope, receivers: ["county_referral_office"] },
          ...(referralNote ? { note: referralNote } : {}),
        }
      : null,
    safety_plan: isStarted(plan) ? plan : null,
  };
}
