import { screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { findings, show } from "../../testingRender";
import JournalPage from "./JournalPage";

const staff = "stf_0123456789abcdef0123456789";
const contact = "con_0123456789abcdef01234abcde";
const entry = { node: 1, seq: 7, at: "2026-03-02T03:00:00Z", actor: "machine", kind: "offer.made", subject: "off_0123456789abcdef0123499999", facts: { contact_id: contact, staff_id: staff, act_in_progress: false, level: "high", now: { state: "open" } } };

beforeEach(() => {
  const page = { items: [entry], next: null, names: { [staff]: { zh: "林晓", en: "Lin Xiao" } } };
  vi.stubGlobal("fetch", () => Promise.resolve(new Response(JSON.stringify(page), { status: 200, headers: { "Content-Type": "application/json" } })));
});
afterEach(() => vi.unstubAllGlobals());

it("says in words who did what to which thing, with names where there are some", async () => {
  show(<JournalPage />);
  const row = await screen.findByTestId("journal-entry");
  expect(row.textContent).toMatch(/the system.*offer · made/);
  expect(row.textContent).toMatch(/contact …4abcde.*colleague Lin Xiao.*act in progress no.*level High/);
  expect(await findings(screen.getByTestId("journal-page"))).toEqual([]);
});

it("says it in Chinese", async () => {
  show(<JournalPage />, "zh");
  const row = await screen.findByTestId("journal-entry");
  expect(row.textContent).toMatch(/分派 · 新建/);
  expect(row.textContent).toMatch(/来访 …4abcde.*同事 林晓.*正在实施 否/);
});
