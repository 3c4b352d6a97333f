import { describe, expect, it } from "vitest";
import { filtersFrom, LANES, lanesOf, moveInto, nextAct, NO_FILTERS, queryOf } from "./referralBoard";
import { applicationOf, daysUntil, filled, gapsOfApplication, missingOf, NEW_APPLICATION } from "./referralForms";
import type { Referral } from "./referrals";

const referral = (fields: Partial<Referral>): Referral =>
  ({
    id: "r1",
    number: "ZJ1",
    stage: "submitted",
    version: 1,
    channel: "other",
    person: { name_masked: "王**" },
    needs: ["vocational"],
    consent: { given: true, receivers: ["ins_1"], scope: [] },
    institution: null,
    due_on: null,
    overdue: false,
    next_moves: [],
    ...fields,
  }) as unknown as Referral;
const table = (...all: Referral[]) => Object.fromEntries(all.map((one) => [one.id, one]));
const move = (name: string, ...needs: string[]) => ({ move: name, needs, who: ["referral_worker" as const] });

describe("the board", () => {
  it("puts late ones first, then what is due first, then what has no date", () => {
    const lanes = lanesOf(table(referral({ id: "none" }), referral({ id: "soon", due_on: "2026-01-06" }), referral({ id: "late", due_on: "2026-01-09", overdue: true }), referral({ id: "later", due_on: "2026-01-08" })), NO_FILTERS);
    expect(lanes.filed.map((one) => one.id)).toEqual(["late", "soon", "later", "none"]);
  });

  it("has a lane for every stage", () => {
    const stages = ["draft", "submitted", "verifying", "returned", "not_registered", "registered", "referred", "accepted", "declined", "assessing", "unsuitable", "agreement", "in_service", "stage_evaluation", "suspended", "closed", "follow_up", "archived", "withdrawn"] as const;
    const lanes = lanesOf(table(...stages.map((stage) => referral({ id: stage, stage }))), NO_FILTERS);
    expect(LANES.reduce((sum, lane) => sum + lanes[lane].length, 0)).toBe(stages.length);
  });

  it("filters by what stands in the address, and back again", () => {
    const filters = filtersFrom("need=vocational&only=late&unknown=1");
    expect(filters).toEqual({ ...NO_FILTERS, need: "vocational", only: "late" });
    expect(queryOf(filters)).toBe("need=vocational&only=late");
    const lanes = lanesOf(table(referral({ id: "a", overdue: true }), referral({ id: "b" }), referral({ id: "c", overdue: true, needs: ["medication"] })), filters);
    expect(lanes.filed.map((one) => one.id)).toEqual(["a"]);
  });
});

describe("moves", () => {
  const verifying = referral({ stage: "verifying", next_moves: [move("return", "reason"), move("refuse", "reason"), move("register"), move("withdraw", "reason")] });

  it("offers what goes on as the one filled button, and none that ends it", () => {
    expect(nextAct(verifying)?.move).toBe("register");
    expect(nextAct(referral({ next_moves: [move("withdraw", "reason")] }))).toBeNull();
  });

  it("drags to where a move leads, and to nowhere else", () => {
    expect(moveInto(verifying, "registered")?.move).toBe("register");
    expect(moveInto(verifying, "filed")?.move).toBe("return");
    expect(moveInto(verifying, "verifying")).toBeNull();
    expect(moveInto(verifying, "in_service")).toBeNull();
  });

  it("names what is missing; the receiver's consent only where the first one does not name them", () => {
    const refer = move("refer", "institution_id", "receiver_consent");
    expect(missingOf(referral({}), refer, {})).toEqual(["institution_id", "receiver_consent"]);
    expect(missingOf(referral({}), refer, { institution_id: "ins_1" })).toEqual([]);
    expect(missingOf(referral({}), refer, { institution_id: "ins_2" })).toEqual(["receiver_consent"]);
    expect(missingOf(referral({}), move("visit", "way", "reached"), { way: "phone", reached: false })).toEqual([]);
  });

  it("sends no blanks and no empty details", () => {
    expect(filled({ note: "  ", reason: "x", checks: [], reached: false, details: { plan: "", goals: "g" } })).toEqual({ reason: "x", reached: false, details: { goals: "g" } });
    expect(filled({ details: { plan: " " } })).toEqual({});
  });
});

describe("the application", () => {
  it("cannot be sent without consent that covers what it holds", () => {
    const draft = { ...NEW_APPLICATION, name: "王小明", guardian_phone: "139", needs: ["vocational"], district: "西岗区", note: "摘要" };
    expect(gapsOfApplication(draft)).toEqual(["consent", "how", "scope", "receivers"]);
    expect(gapsOfApplication({ ...draft, consent: true, how: "spoken", scope: ["identity", "needs", "summary"], receivers: ["ins_1"] })).toEqual([]);
  });

  it("leaves out what was not filled in", () => {
    expect(applicationOf({ ...NEW_APPLICATION, name: " A ", district: " 西岗区 " })).toMatchObject({ person: { name: " A " }, district: "西岗区" });
    expect(applicationOf(NEW_APPLICATION)).not.toHaveProperty("note");
  });
});

it("counts whole days to a date, whatever the hour", () => {
  expect(daysUntil("2026-01-06", new Date(2026, 0, 5, 23, 59))).toBe(1);
  expect(daysUntil("2026-01-05", new Date(2026, 0, 5, 0, 1))).toBe(0);
  expect(daysUntil("2025-12-31", new Date(2026, 0, 5, 12))).toBe(-5);
});
