import { act, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Router } from "wouter";
import { memoryLocation } from "wouter/memory-location";
import type { Alert } from "../../data/alerts";
import { fieldReports } from "../../data/fieldOutbox";
import { forget, learn, store } from "../../data/store";
import { findings, show } from "../../testingRender";
import TeamPage from "./TeamPage";

const alert = (fields: Partial<Alert> = {}): Alert =>
  ({
    id: "alr_1",
    contact_id: "con_1",
    state: "assigned",
    version: 5,
    target: "crisis_team",
    level: "imminent",
    created_at: "2026-01-05T08:00:00Z",
    raised_at: "2026-01-05T08:00:00Z",
    deadline: null,
    deadline_for: null,
    rung: 0,
    ladder: [],
    notified: [],
    assigned_to: { kind: "crisis_team", id: "t1", name: "Team 1" },
    what: "Pills saved up",
    where: "Renmin Road 12",
    where_certainty: "exact",
    asked: "rescue",
    callback: "139-0000-1234",
    counselor: null,
    steps: [],
    ...fields,
  }) as Alert;

let online = true;
beforeEach(() => {
  online = true;
  store.setState({ ready: true });
  learn("alert", alert());
  const states = { en_route: "en_route", on_scene: "on_scene" } as const;
  let version = 5;
  vi.stubGlobal("fetch", (path: string) => {
    const move = path.split("/").at(-1) as keyof typeof states;
    return online ? Promise.resolve(Response.json(alert({ version: ++version, state: states[move] }))) : Promise.reject(new TypeError("no network"));
  });
});

afterEach(() => {
  for (const report of fieldReports.list()) fieldReports.forget(report.id);
  vi.unstubAllGlobals();
  act(() => forget());
});

const page = () => {
  const { hook } = memoryLocation({ path: "/team" });
  return show(
    <Router hook={hook}>
      <TeamPage />
    </Router>,
  );
};

it("has four buttons in order, a map and a telephone link", async () => {
  const { container } = page();
  const steps = await screen.findAllByRole("listitem");
  expect(steps.slice(0, 4).map((step) => step.textContent)).toEqual(["1We are leavingnext", "2On scene", "3Handed overlater", "4Close"]);
  expect(screen.getByTestId("team-callback").getAttribute("href")).toBe("tel:13900001234");
  expect(screen.getByTestId("team-map").getAttribute("href")).toContain(encodeURIComponent("Renmin Road 12"));
  expect(await findings(container)).toEqual([]);
});

it("goes on without a network, says what is not sent, and sends it in order afterwards", async () => {
  page();
  online = false;
  await userEvent.click(await screen.findByTestId("team-step-en_route"));
  await userEvent.click(screen.getByTestId("team-step-on_scene"));
  expect(screen.getByTestId("team-unsent").textContent).toContain("Not sent yet (2)");
  expect(screen.getByTestId("team-step-handed_over").dataset["next"]).toBe("true");
  expect(store.getState().alerts["alr_1"]?.state).toBe("assigned");
  online = true;
  await userEvent.click(screen.getByTestId("team-send-now"));
  await waitFor(() => expect(store.getState().alerts["alr_1"]?.state).toBe("on_scene"));
  expect(screen.queryByTestId("team-unsent")).toBeNull();
});
