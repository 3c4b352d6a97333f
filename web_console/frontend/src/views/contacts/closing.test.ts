import { describe, expect, it } from "vitest";
import type { SafetyPlan } from "../../data/safetyPlans";
import { BLANK_CLOSING, closingOf, missingIn, refusedIn } from "./closing";

const NOW = Date.parse("2026-03-01T10:00:00Z");
const CALM = { level: "low", peak_level: "low", channel: "chat" } as const;
const GRAVE = { level: "low", peak_level: "high", channel: "chat" } as const;
const NO_PLAN: SafetyPlan = { warning_signs: "", coping: "", distraction: "", people: "", professionals: "", environment: "" };
const done = { ...BLANK_CLOSING, disposition: "supported", level: "low" } as const;
const words = (...given: Parameters<typeof missingIn>) => missingIn(...given).map((one) => one.word);

describe("the closing sheet", () => {
  it("names everything that is missing at once", () => {
    expect(words(BLANK_CLOSING, " ", NO_PLAN, CALM, NOW)).toEqual(["disposition", "note", "level"]);
    expect(words(done, "talked", NO_PLAN, CALM, NOW)).toEqual([]);
  });

  it("asks for a safety plan when the danger was ever high, unless the person had left", () => {
    expect(words(done, "talked", NO_PLAN, GRAVE, NOW)).toEqual(["plan"]);
    expect(words(done, "talked", { ...NO_PLAN, coping: "walk" }, GRAVE, NOW)).toEqual([]);
    expect(words({ ...done, disposition: "left_early" }, "talked", NO_PLAN, GRAVE, NOW)).toEqual([]);
  });

  it("lets nobody be called back without consent or in the past", () => {
    const followup = { ...done, followup: true, followupAt: "2020-01-01T10:00" };
    expect(words(followup, "talked", NO_PLAN, CALM, NOW)).toEqual(["followup_past", "followup_consent"]);
  });

  it("passes on only what the consent names", () => {
    const form = {
      ...done,
      referral: true,
      referralName: " Lin ",
      referralPhone: "138",
      referralDistrict: "d",
      referralNeeds: ["psychological"],
      referralConsent: true,
      referralRisk: "means at home",
    };
    expect(words(form, "talked", NO_PLAN, CALM, NOW)).toEqual([]);
    const { referral } = closingOf(form, "talked", NO_PLAN, NOW);
    expect(referral).toMatchObject({ person: { name: "Lin", phone: "138" }, risk_note: "means at home", consent: { given: true, scope: ["identity", "needs", "risk"] } });
    expect(referral).not.toHaveProperty("note");
  });

  it("shows where the server's refusal points", () => {
    expect(refusedIn([{ path: "referral.district" }, { path: "followup.due_at" }, { path: "safety_plan" }, { path: "unheard_of" }]).map((one) => one.word)).toEqual([
      "referral_district",
      "followup",
      "plan",
    ]);
  });
});
