import { fireEvent, screen, waitFor } from "@testing-library/react";
import { afterEach, expect, it, vi } from "vitest";
import type { RingRules } from "../../data/ringRules";
import { findings, show } from "../../testingRender";
import { Ringing } from "./Ringing";

const RULES: RingRules = { version: 3, queues: [{ channel: "call", language: null, skill: "youth" }], most: 3, after_seconds: 20, changed_by: { id: "stf_1", name: "王" }, changed_at: "2026-11-22T08:00:00Z" };
const SKILLS = { items: [{ code: "youth", zh: "青少年", en: "Young people", topics: [], age_bands: [] }], next: null, level_wanted: 3, partner_number: "" };

const sent: { path: string; body: unknown }[] = [];
function served(): void {
  sent.length = 0;
  vi.stubGlobal("fetch", (path: string, init?: RequestInit) => {
    if (init?.method === "PUT") sent.push({ path, body: JSON.parse(init.body as string) as unknown });
    return Promise.resolve(new Response(JSON.stringify(String(path).includes("skills") ? SKILLS : RULES), { status: 200, headers: { "Content-Type": "application/json" } }));
  });
}
afterEach(() => vi.unstubAllGlobals());

it("rules a queue of a skill in one language beside those that ring at once", async () => {
  served();
  const { container } = show(<Ringing changes />);
  await screen.findByText("Calls · Young people");
  fireEvent.change(screen.getByTestId("ring-language"), { target: { value: "en" } });
  fireEvent.change(screen.getByTestId("ring-skill"), { target: { value: "youth" } });
  fireEvent.click(screen.getByTestId("ring-add"));
  fireEvent.click(screen.getByTestId("ring-add"));
  expect(screen.getAllByTestId("ring-queue").map((one) => one.textContent)).toEqual(["Calls · Young people×", "Calls · English · Young people×"]);
  fireEvent.click(screen.getByLabelText("Take Calls · Young people out"));
  fireEvent.click(screen.getByTestId("ring-save"));
  await waitFor(() => expect(sent).toEqual([{ path: "/api/ring-rules", body: { version: 3, queues: [{ channel: "call", language: "en", skill: "youth" }], most: 3, after_seconds: 20 } }]));
  expect(await findings(container)).toEqual([]);
});

it("shows it to who may not rule it", async () => {
  served();
  show(<Ringing changes={false} />, "zh");
  await screen.findByText("电话 · 青少年");
  expect(screen.queryByTestId("ring-save")).toBeNull();
  expect((screen.getByTestId("ring-most") as HTMLInputElement).disabled).toBe(true);
});
