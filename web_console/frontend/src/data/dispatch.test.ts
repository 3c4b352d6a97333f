import { describe, expect, it } from "vitest";
import type { Alert } from "./alerts";
import { allows, boardOf, climbOf, newsOf, nextFieldMove, ringing, ringOf, ringsFor, startOfDay } from "./dispatch";
import type { User } from "./people";

const LADDER = [
  { role: "dispatcher", seconds: 60 },
  { role: "next_dispatcher", seconds: 45 },
  { role: "supervisor", seconds: 45 },
  { role: "everyone", seconds: 60 },
];
const alert = (fields: Partial<Alert>): Alert =>
  ({
    id: "a1",
    state: "raised",
    version: 1,
    level: "imminent",
    created_at: "2026-01-05T08:00:00Z",
    deadline: "2026-01-05T08:01:00Z",
    deadline_for: "acknowledge",
    rung: 0,
    ladder: LADDER,
    notified: ["dispatcher"],
    assigned_to: null,
    steps: [],
    ...fields,
  }) as Alert;
const table = (...alerts: Alert[]) => Object.fromEntries(alerts.map((one) => [one.id, one]));
const ids = (alerts: readonly Alert[]) => alerts.map((one) => one.id);
const TEAM = { kind: "crisis_team", id: "t1", name: "一队", name_zh: "一队", name_en: "Team One" } as const;
const step = (at: string, kind = "raised") => ({ at, kind, actor: null, note: null });

describe("the board", () => {
  it("sorts what needs an answer by time left, as instants and not as text", () => {
    const board = boardOf(
      table(
        alert({ id: "later", deadline: "2026-01-05T08:05:00Z" }),
        alert({ id: "none", deadline: null }),
        alert({ id: "sooner", deadline: "2026-01-05T16:01:00+08:00" }),
        alert({ id: "known", state: "acknowledged", deadline: "2026-01-05T08:03:00Z" }),
      ),
      0,
    );
    expect(ids(board.answer)).toEqual(["sooner", "known", "later", "none"]);
  });

  it("puts each state in its column, one handed over with those on scene", () => {
    const board = boardOf(table(alert({ id: "as", state: "assigned" }), alert({ id: "en", state: "en_route" }), alert({ id: "on", state: "on_scene" }), alert({ id: "ho", state: "handed_over" })), 0);
    expect(ids(board.assigned)).toEqual(["as"]);
    expect(ids(board.en_route)).toEqual(["en"]);
    expect(ids(board.on_scene).sort()).toEqual(["ho", "on"]);
  });

  it("keeps what ended today, newest first, and neither yesterday's nor a dismissed proposal", () => {
    const ended = (id: string, at: string, state: Alert["state"] = "closed") => alert({ id, state, deadline: null, steps: [step(at, state)] });
    const board = boardOf(
      table(ended("old", "2026-01-04T23:59:59Z"), ended("early", "2026-01-05T00:00:01Z"), ended("late", "2026-01-05T09:00:00Z", "cancelled"), ended("never", "2026-01-05T09:00:00Z", "dismissed")),
      Date.parse("2026-01-05T00:00:00Z"),
    );
    expect(ids(board.closed)).toEqual(["late", "early"]);
  });

  it("shows a proposal only once everyone is asked to confirm it", () => {
    expect(boardOf(table(alert({ state: "proposed", notified: ["counselor", "supervisor"] })), 0).answer).toEqual([]);
    expect(boardOf(table(alert({ state: "proposed", notified: ["counselor", "supervisor", "everyone"] })), 0).answer).toHaveLength(1);
  });

  it("begins the day at local midnight", () => {
    const start = new Date(startOfDay(Date.parse("2026-01-05T13:24:00Z")));
    expect([start.getHours(), start.getMinutes(), start.getSeconds()]).toEqual([0, 0, 0]);
  });
});

describe("ringing", () => {
  it("stops when seen, and begins anew with the next rung", () => {
    const first = alert({});
    expect(ringing([first], new Set())).toHaveLength(1);
    const seen = new Set([ringOf(first)]);
    expect(ringing([first], seen)).toHaveLength(0);
    expect(ringing([alert({ rung: 1, deadline: "2026-01-05T08:01:45Z" })], seen)).toHaveLength(1);
  });

  it("does not ring for what is acknowledged or over", () => {
    expect(ringing([alert({ state: "acknowledged" }), alert({ state: "closed" })], new Set())).toEqual([]);
  });

  it("calls dispatchers at once, supervisors from their rung, and nobody who passed it on", () => {
    const user = (id: string, role: User["roles"][number]) => ({ id, roles: [role] }) as User;
    expect(ringsFor(user("d", "dispatcher"), alert({}))).toBe(true);
    expect(ringsFor(user("s", "supervisor"), alert({}))).toBe(false);
    expect(ringsFor(user("s", "supervisor"), alert({ notified: ["dispatcher", "supervisor"] }))).toBe(true);
    expect(ringsFor(user("d", "dispatcher"), alert({ declined_by: ["d"] }))).toBe(false);
  });
});

describe("the ladder", () => {
  it("says who is called next, and that it begins again after the last", () => {
    expect(climbOf(alert({ rung: 1 }))).toEqual({ what: "next", role: "supervisor", at: "2026-01-05T08:01:00Z" });
    expect(climbOf(alert({ rung: 3 }))).toMatchObject({ what: "again", role: "dispatcher" });
  });

  it("rings again where nobody was sent or nobody left, and only reminds later on", () => {
    expect(climbOf(alert({ state: "acknowledged", deadline_for: "assign" }))).toMatchObject({ what: "again", role: "dispatcher" });
    expect(climbOf(alert({ state: "assigned", deadline_for: "depart" }))).toMatchObject({ what: "again" });
    expect(climbOf(alert({ state: "on_scene", deadline_for: "confirm_contact" }))).toMatchObject({ what: "reminded", role: null });
    expect(climbOf(alert({ state: "closed" }))).toBeNull();
  });
});

describe("what may be done", () => {
  it("lets nobody arrive who was not sent", () => {
    expect(allows(alert({ state: "acknowledged" }), "on_scene")).toBe(false);
    expect(allows(alert({ state: "acknowledged", assigned_to: TEAM }), "on_scene")).toBe(true);
  });

  it("ends the field steps in order", () => {
    const states = ["assigned", "en_route", "on_scene", "handed_over", "closed"] as const;
    expect(states.map((state) => nextFieldMove(alert({ state, assigned_to: TEAM })))).toEqual(["en_route", "on_scene", "handed_over", "close", null]);
  });

  it("cancels nothing that is handed over, and changes nothing that is over", () => {
    expect(allows(alert({ state: "handed_over" }), "cancel")).toBe(false);
    expect((["acknowledge", "assign", "update", "close", "cancel"] as const).filter((move) => allows(alert({ state: "closed" }), move))).toEqual([]);
  });
});

it("news are the newest steps of all alerts, as many as asked for", () => {
  const news = newsOf(table(alert({ id: "x", steps: [step("2026-01-05T08:00:00Z"), step("2026-01-05T08:04:00Z", "assigned")] }), alert({ id: "y", steps: [step("2026-01-05T08:02:00Z")] })), 2);
  expect(news.map(({ alert: of, step: { kind } }) => `${of.id} ${kind}`)).toEqual(["x assigned", "y raised"]);
});
