import { act, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Route, Router } from "wouter";
import { memoryLocation } from "wouter/memory-location";
import type { Alert } from "../../data/alerts";
import type { User } from "../../data/people";
import { useSession } from "../../data/session";
import { forget, learn, store } from "../../data/store";
import { LiveRegions } from "../../ui/live";
import { findings, show } from "../../testingRender";
import Board from "./Board";

const soon = () => new Date(Date.now() + 41_000).toISOString();
const alert = (fields: Partial<Alert> = {}): Alert => ({
  id: "alr_1",
  contact_id: "con_1",
  school_report_id: null,
  state: "raised",
  version: 3,
  target: "crisis_team",
  level: "imminent",
  kinds: ["suicide"],
  act_in_progress: false,
  source: "counselor",
  raised_at: "2026-01-05T08:00:00Z",
  created_at: "2026-01-05T08:00:00Z",
  raised_by: { id: "s1", name: "Chen" },
  deadline: soon(),
  deadline_for: "acknowledge",
  next: { what: "acknowledge", at: soon(), who: null },
  called: [],
  rung: 1,
  ladder: [
    { role: "dispatcher", seconds: 60 },
    { role: "next_dispatcher", seconds: 45 },
    { role: "supervisor", seconds: 45 },
  ],
  round: 0,
  notified: ["dispatcher", "next_dispatcher"],
  declined_by: [],
  acknowledged_by: null,
  assigned_to: null,
  reason_zh: null,
  reason_en: null,
  district: null,
  ended_at: null,
  what: "Pills saved up for tonight",
  where: "Renmin Road 12",
  where_certainty: "approximate",
  means: "pills",
  danger_to_others: false,
  callback: "13900001234",
  asked: "rescue",
  person: null,
  counselor: { id: "s1", name: "Chen" },
  still_in_contact: true,
  steps: [{ at: "2026-01-05T08:00:00Z", actor: { id: "s1", name: "Chen" }, kind: "raised", note: null }],
  outcome: null,
  cancel_reason: null,
  ...fields,
});

const asked: { path: string; body: unknown }[] = [];
let answer: (path: string) => Response = () => Response.json({ items: [] });

beforeEach(() => {
  useSession.setState({ user: { id: "d1", name: "Zhao", username: "dispatcher", roles: ["dispatcher"], permissions: ["alert.dispatch", "alert.read"], district: null, organisation_id: null, language: "en", second_factor: false } satisfies User });
  store.setState({ ready: true });
  answer = () => Response.json({ items: [] });
  vi.stubGlobal("fetch", (path: string, init: RequestInit) => {
    if (init.method === "POST") asked.push({ path, body: JSON.parse(init.body as string) });
    return Promise.resolve(init.method === "POST" ? answer(path) : Response.json({ items: [], next: null }));
  });
});

afterEach(() => {
  vi.unstubAllGlobals();
  asked.length = 0;
  act(() => forget());
});

function board(at = "/dispatch") {
  const { hook } = memoryLocation({ path: at });
  return show(
    <Router hook={hook}>
      <LiveRegions />
      <Route path="/dispatch/:id?">
        <Board />
      </Route>
    </Router>,
  );
}

describe("the dispatch board", () => {
  it("says on a card, in this order: what, where and how sure, since when, who is with them, what is asked, time left", async () => {
    learn("alert", alert());
    const { container } = board();
    const card = await screen.findByTestId("alert-card");
    expect(card.textContent).toMatch(/Pills saved up for tonight.*Renmin Road 12.*about here.*since.*Chen, still talking.*rescue.*acknowledge within.*0:4\d/);
    expect(await findings(container)).toEqual([]);
  });

  it("acknowledges with one key on the focused card, from the version that was seen", async () => {
    learn("alert", alert());
    answer = () => Response.json(alert({ state: "acknowledged", version: 4, acknowledged_by: { id: "d1", name: "Zhao" } }));
    board();
    (await screen.findByRole("button", { name: "Pills saved up for tonight" })).focus();
    await userEvent.keyboard("a");
    await waitFor(() => expect(screen.getByTestId("alert-card").dataset["state"]).toBe("acknowledged"));
    expect(asked).toEqual([{ path: "/api/alerts/alr_1/acknowledge", body: { version: 3 } }]);
  });

  it("rings until seen, is said once, and rings again with the next rung", async () => {
    learn("alert", alert());
    board();
    expect(await screen.findByTestId("dispatch-ringing")).toBeTruthy();
    expect(screen.getByTestId("live-assertive").textContent).toContain("Pills saved up for tonight");
    await userEvent.click(screen.getByTestId("dispatch-silence"));
    expect(screen.queryByTestId("dispatch-ringing")).toBeNull();
    act(() => void learn("alert", alert({ rung: 2, notified: ["dispatcher", "next_dispatcher", "supervisor"], deadline: new Date(Date.now() + 45_000).toISOString() })));
    expect(await screen.findByTestId("dispatch-ringing")).toBeTruthy();
  });

  it("opens a panel with the ladder in words and every step", async () => {
    learn("alert", alert());
    board("/dispatch/alr_1");
    const panel = await screen.findByTestId("alert-panel");
    expect(within(panel).getByTestId("alert-ladder").textContent).toMatch(/in 0:4\d: the supervisor on duty is called/);
    expect(within(panel).getByTestId("alert-timeline").textContent).toContain("raised Chen");
  });

  it("keeps the dialog when somebody was faster", async () => {
    learn("alert", alert({ state: "acknowledged", deadline_for: "assign" }));
    answer = () => Response.json({ code: "stale_version" }, { status: 409 });
    board("/dispatch/alr_1");
    await userEvent.click(await screen.findByTestId("alert-move-hand_over_to_police"));
    await userEvent.click(await screen.findByTestId("dialog-yes"));
    await waitFor(() => expect(asked.map((one) => one.path)).toEqual(["/api/alerts/alr_1/hand_over_to_police"]));
    expect(screen.getByTestId("dialog-yes")).toBeTruthy();
  });
});
