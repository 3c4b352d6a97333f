import { fireEvent, screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { User } from "../../data/people";
import { useSession } from "../../data/session";
import { forget, learn } from "../../data/store";
import { movesOf, type Swap } from "../../data/swaps";
import { findings, show } from "../../testingRender";
import { Swaps } from "./Swaps";

const [li, wang] = [{ id: "li", name: "Li Na" }, { id: "wang", name: "Wang Fang" }];
const soon = new Date(Date.now() + 3_600_000).toISOString();
const swap: Swap = { id: "swp_1", role: "counselor", shift_id: "night", day: "2026-03-03", starts_at: soon, ends_at: soon, given_by: li, asked: null, taken_by: null, decided_by: null, state: "offered", approved_by_supervisor: true, made_at: new Date().toISOString(), next: { what: "swap_lapses", at: soon, who: null }, version: 1 };
const asked: string[] = [];

function signedIn(id: string, roles: string[], permissions: string[]) {
  useSession.setState({ user: { id, name: id, roles, permissions } as unknown as User, unreachable: false, expired: false });
}

beforeEach(() => {
  asked.length = 0;
  vi.stubGlobal("fetch", (path: string, init: RequestInit) => {
    asked.push(`${init.method ?? "GET"} ${path}`);
    const answer = path === "/api/shift-swaps" ? { items: [] } : { ...swap, state: "taken", taken_by: wang, version: 2 };
    return Promise.resolve(new Response(JSON.stringify(answer), { status: 200, headers: { "Content-Type": "application/json" } }));
  });
  learn("shift_swap", swap);
});
afterEach(() => {
  vi.unstubAllGlobals();
  forget();
});

it("lets a colleague take a shift, and says that a supervisor has to approve", async () => {
  signedIn("wang", ["counselor"], ["shift.read"]);
  show(<Swaps />);
  expect((await screen.findByTestId("swap")).textContent).toMatch(/Li Na offers this shift.*the offer lapses at/);
  expect(await findings(screen.getByTestId("swaps"))).toEqual([]);
  fireEvent.click(screen.getByTestId("swap-take"));
  await waitFor(() => expect(screen.getByTestId("swap").textContent).toContain("Wang Fang would take it for Li Na; a supervisor has to approve"));
  expect(asked).toContain("POST /api/shift-swaps/swp_1/take");
  expect(screen.getByTestId("swap-step-back")).toBeTruthy();
  expect(screen.queryByTestId("swap-approve")).toBeNull();
});

it("says the same in Chinese, and offers the giver nothing but to withdraw", async () => {
  signedIn("li", ["counselor"], ["shift.read"]);
  show(<Swaps />, "zh");
  expect((await screen.findByTestId("swap")).textContent).toMatch(/Li Na 想转让这个班/);
  expect(screen.getAllByRole("button").map((one) => one.textContent)).toEqual(["收回转让"]);
});

it("knows who may do what", () => {
  const taken: Swap = { ...swap, state: "taken", taken_by: wang };
  const named: Swap = { ...swap, asked: wang };
  expect(movesOf(taken, "boss", ["supervisor"], true)).toEqual(["approve", "refuse"]);
  expect(movesOf(named, "wang", ["counselor"], false)).toEqual(["take", "decline"]);
  expect(movesOf(named, "zhao", ["counselor"], false)).toEqual([]);
  expect(movesOf(swap, "zhao", ["dispatcher"], false)).toEqual([]);
  expect(movesOf({ ...swap, state: "lapsed" }, "li", ["counselor"], true)).toEqual([]);
});
