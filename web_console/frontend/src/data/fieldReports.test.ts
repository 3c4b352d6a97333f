import { beforeEach, describe, expect, it, vi } from "vitest";
import { Problem } from "../wire/problem";
import type { Alert } from "./alerts";
import { type FieldReport, FieldReports, foreseen, sendReport } from "./fieldReports";
import { forget, learn, store } from "./store";

const NOW = new Date("2026-01-05T08:00:00Z");
const me = () => "s1";
const offline = () => Promise.reject(new Problem(0, "offline", ""));
const moves = (reports: FieldReports) => reports.list().map((report) => `${report.move} ${report.state}`);
const alert = (fields: Partial<Alert> = {}): Alert => ({ id: "a1", contact_id: "c1", state: "assigned", version: 4, ...fields }) as Alert;

beforeEach(() => {
  localStorage.clear();
  forget();
});

describe("what a team pressed without a network", () => {
  it("is kept in order, outlives the page, and goes out once the network is back", async () => {
    const first = new FieldReports(localStorage, "k", offline, me);
    await first.add("a1", "en_route", {}, NOW);
    await first.add("a1", "on_scene", {}, NOW);
    expect(moves(first)).toEqual(["en_route queued", "on_scene queued"]);

    const sent: string[] = [];
    const again = new FieldReports(localStorage, "k", (report) => Promise.resolve(sent.push(report.move)), me);
    await again.flush();
    expect(sent).toEqual(["en_route", "on_scene"]);
    expect(again.list()).toEqual([]);
    expect(localStorage.getItem("k")).toBeNull();
  });

  it("does not overtake: what comes after waits with it", async () => {
    const send = vi.fn<(report: FieldReport) => Promise<unknown>>(offline);
    const reports = new FieldReports(localStorage, "k", send, me);
    await reports.add("a1", "en_route", {}, NOW);
    await reports.add("a1", "on_scene", {}, NOW);
    expect(send.mock.calls.every(([report]) => report.move === "en_route")).toBe(true);
  });

  it("stays queued while the server fails, and shows a refusal instead of hiding it", async () => {
    const answers = [new Problem(503, "unavailable", ""), new Problem(409, "wrong_state", "")];
    const reports = new FieldReports(localStorage, "k", () => Promise.reject(answers.shift()!), me);
    await reports.add("a1", "on_scene", {}, NOW);
    expect(moves(reports)).toEqual(["on_scene queued"]);
    await reports.flush();
    expect(moves(reports)).toEqual(["on_scene refused"]);
    expect(reports.list()[0]?.refusal).toBe("wrong_state");
    reports.forget(reports.list()[0]!.id);
    expect(reports.list()).toEqual([]);
  });

  it("is sent by whoever pressed it, not by the next one at this phone", async () => {
    await new FieldReports(localStorage, "k", offline, me).add("a1", "en_route", {}, NOW);
    const send = vi.fn(() => Promise.resolve());
    await new FieldReports(localStorage, "k", send, () => "s2").flush();
    expect(send).not.toHaveBeenCalled();
    await new FieldReports(localStorage, "k", send, me).flush();
    expect(send).toHaveBeenCalledOnce();
  });

  it("lets the buttons go on: the alert reads as it will", async () => {
    const reports = new FieldReports(localStorage, "k", offline, me);
    await reports.add("a1", "en_route", {}, NOW);
    await reports.add("other", "close", {}, NOW);
    expect(foreseen(alert(), reports.list()).state).toBe("en_route");
  });

  it("looks again once where somebody changed a fact meanwhile, and sends on the version it finds", async () => {
    learn("alert", alert());
    const asked: string[] = [];
    vi.stubGlobal("fetch", (path: string, init: RequestInit) => {
      asked.push(`${init.method} ${path} ${String(init.body ?? "")}`);
      if (init.method === "GET") return Promise.resolve(Response.json(alert({ version: 6 })));
      const { version } = JSON.parse(init.body as string) as { version: number };
      return Promise.resolve(version === 6 ? Response.json(alert({ version: 7, state: "en_route" })) : Response.json({ code: "stale_version" }, { status: 409 }));
    });
    await sendReport({ id: "r", by: "s1", alert_id: "a1", move: "en_route", facts: {}, pressed_at: "", state: "queued" });
    vi.unstubAllGlobals();
    expect(asked).toEqual(['POST /api/alerts/a1/en_route {"version":4}', "GET /api/alerts/a1 ", 'POST /api/alerts/a1/en_route {"version":6}']);
    expect(store.getState().alerts["a1"]?.state).toBe("en_route");
  });
});
