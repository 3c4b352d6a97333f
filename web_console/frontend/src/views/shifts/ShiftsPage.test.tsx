import { act, fireEvent, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Duty, Handover, Plan } from "../../data/duty";
import type { User } from "../../data/people";
import { useSession } from "../../data/session";
import { forget, learn, store } from "../../data/store";
import * as live from "../../ui/live";
import { findings, show } from "../../testingRender";
import { DutyBell } from "./DutyBell";
import ShiftsPage from "./ShiftsPage";

const today = new Date();
const at = (hour: number) => new Date(today.getFullYear(), today.getMonth(), today.getDate(), hour).toISOString();
const li = { id: "li", name: "Li Na" };
const wang = { id: "wang", name: "Wang Fang" };
const day = at(0).slice(0, 10);
const plan: Plan = {
  shifts: [{ id: "s1", name: "Day", role: "counselor", weekdays: [0, 1, 2, 3, 4, 5, 6], starts: "00:00", ends: "23:59", time_zone: "Asia/Shanghai", people: [li, wang], first_day: null, last_day: null, version: 1 }],
  overrides: [{ id: "o1", kind: "sick", role: "counselor", day, shift_id: "s1", out: wang, comes: null, starts: null, ends: null }],
  occurrences: [{ role: "counselor", day, start: at(0), end: at(23), people: [li], shift_id: "s1", name: "Day" }],
};
const duty: Duty = {
  id: "duty",
  on_duty: [
    { role: "counselor", planned: true, people: [li] },
    { role: "dispatcher", planned: true, people: [] },
    { role: "supervisor", planned: false, people: [] },
  ],
  gaps: [{ role: "dispatcher", start: at(0), end: new Date(Date.now() + 3_600_000).toISOString() }],
  absent: [{ role: "counselor", who: li, since: at(0) }],
  version: 3,
};
const handover: Handover = { id: "h1", role: "counselor", written_by: wang, written_at: at(0), note: "他今晚会再打来", contact_ids: ["con_1"], alert_ids: [], followup_ids: [], accepted_by: null, accepted_at: null, late: true, next: { what: "accept_hand_over", at: new Date(Date.now() + 60_000).toISOString(), who: null }, version: 2 };

const duty_phones = { version: 0, numbers: [], language: "zh", alert_text: null, waiting_text: null, alert_words: "", waiting_words: "", changed_by: null, changed_at: null };
const asked: { method: string; path: string; body: unknown }[] = [];
const answers: Record<string, unknown> = { "/api/shifts": plan, "/api/handovers": { items: [handover] }, "/api/staff": { items: [] }, "/api/duty-phones": duty_phones };

beforeEach(() => {
  const user = { id: "boss", name: "Boss", roles: ["supervisor"], permissions: ["shift.read", "shift.plan"] } as unknown as User;
  useSession.setState({ user, unreachable: false, expired: false });
  learn("duty", duty);
  asked.length = 0;
  vi.stubGlobal("fetch", (path: string, init: RequestInit) => {
    asked.push({ method: init.method ?? "GET", path, body: init.body ? JSON.parse(init.body as string) : null });
    const answer = answers[path.split("?")[0]!] ?? { ...handover, accepted_by: { id: "boss", name: "Boss" }, accepted_at: at(1), late: false, next: null, version: 3 };
    return Promise.resolve(new Response(JSON.stringify(answer), { status: 200, headers: { "Content-Type": "application/json" } }));
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
  forget();
});

it("shows who is on duty, who is missing, and where nobody will be", async () => {
  show(<ShiftsPage />);
  const shift = await screen.findByTestId("shift");
  expect(shift.textContent).toContain("Li Na");
  expect(shift.textContent).toContain("now");
  expect(screen.getByTestId("duty-now").textContent).toContain("Nobody on duty");
  const notices = screen.getByTestId("duty-notices").textContent;
  expect(notices).toContain("Li Na (Counselor): the shift began at 00:00");
  expect(notices).toContain("Dispatcher: nobody on duty from");
  expect(screen.getAllByTestId("shift-gap").length).toBeGreaterThan(0);
  expect(await findings(screen.getByTestId("shifts-page"))).toEqual([]);
});

it("lets a supervisor undo what differs on a day, and refuses a change that names nobody", async () => {
  show(<ShiftsPage />);
  fireEvent.click(await screen.findByTestId("shift"));
  const change = await screen.findByTestId("dialog-yes");
  expect((change as HTMLButtonElement).disabled).toBe(true);
  fireEvent.change(screen.getByTestId("who-out"), { target: { value: "li" } });
  fireEvent.click(screen.getByRole("button", { name: "Undo this change: Wang Fang is sick" }));
  await waitFor(() => expect(asked.some((one) => one.method === "DELETE" && one.path === "/api/shift-overrides/o1")).toBe(true));
});

it("shows the hand-over that waits, and takes it over", async () => {
  show(<ShiftsPage />, "zh");
  const shown = await screen.findByTestId("handover");
  expect(shown.textContent).toContain("他今晚会再打来");
  expect(shown.textContent).toMatch(/还没有人接班.*没有人接班的话/);
  fireEvent.click(screen.getByTestId("handover-accept"));
  await waitFor(() => expect(screen.getByTestId("handover").textContent).toContain("Boss 已接班"));
});

it("is only to be read by a counselor", async () => {
  useSession.setState({ user: { id: "li", name: "Li Na", roles: ["counselor"], permissions: ["shift.read"] } as unknown as User });
  show(<ShiftsPage />);
  const shift = await screen.findByTestId("shift");
  expect(shift.tagName).toBe("DIV");
  expect(shift.dataset["mine"]).toBe("true");
  expect(screen.queryByTestId("shift-new")).toBeNull();
  expect(screen.queryByTestId("duty-notices")).toBeNull();
});

it("rings once for what is new, and not for what stood there before", () => {
  const told = vi.spyOn(live, "announce");
  store.setState({ ready: true });
  show(<DutyBell />);
  expect(told).not.toHaveBeenCalled();
  const since = at(2);
  act(() => void learn("duty", { ...duty, version: 4, absent: [...duty.absent, { role: "counselor", who: wang, since }] }));
  act(() => void learn("duty", { ...duty, version: 5, absent: [...duty.absent, { role: "counselor", who: wang, since }] }));
  expect(told.mock.calls.map(([words]) => words)).toEqual(["Wang Fang (Counselor): the shift began at 02:00, not signed in yet"]);
});

it("says how far the duty telephones are, and nothing once it is over", async () => {
  show(<ShiftsPage />);
  await screen.findByTestId("shift");
  const ring = { id: "duty_ring", state: "ringing" as const, since: at(1), number: 2, next: null, version: 4 };
  act(() => learn("duty_ring", ring));
  expect(screen.getByTestId("duty-notices").textContent).toContain("Duty telephone 2 is ringing");
  act(() => learn("duty_ring", { ...ring, state: "acknowledged", version: 5 }));
  expect(screen.getByTestId("duty-notices").textContent).toContain("A key was pressed at duty telephone 2");
  act(() => learn("duty_ring", { ...ring, state: "over", version: 6 }));
  expect(screen.getByTestId("duty-notices").textContent).not.toContain("telephone");
});
