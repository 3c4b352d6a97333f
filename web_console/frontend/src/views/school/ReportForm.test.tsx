import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Router } from "wouter";
import { memoryLocation } from "wouter/memory-location";
import { clearDraft, useSchoolDraft } from "../../data/schoolDraft";
import { findings, show } from "../../testingRender";
import { ReportForm } from "./ReportForm";

beforeEach(() => {
  vi.stubGlobal("fetch", (path: string) => Promise.resolve(path.endsWith("/public") ? Response.json({ numbers: [{ number: "119", label_zh: "消防", label_en: "Fire" }] }) : Response.json({ answers: {} })));
});

afterEach(async () => {
  await clearDraft();
  vi.unstubAllGlobals();
});

const form = () => {
  const { hook } = memoryLocation({ path: "/school-reports/new" });
  return show(
    <Router hook={hook}>
      <ReportForm />
    </Router>,
  );
};

it("shows the numbers of the service before anything else once red is chosen, and only then", async () => {
  const { container } = form();
  await userEvent.click(await screen.findByTestId("school-level-orange"));
  expect(screen.queryByTestId("school-call-first")).toBeNull();
  await userEvent.click(screen.getByTestId("school-level-red"));
  const first = screen.getByTestId("school-form").firstElementChild!;
  expect(first.getAttribute("data-testid")).toBe("school-call-first");
  expect((await screen.findByText("119")).closest("a")?.getAttribute("href")).toBe("tel:119");
  expect(await findings(container)).toEqual([]);
});

it("keeps every answer on this computer until the server has it", async () => {
  form();
  await userEvent.click(await screen.findByTestId("school-level-yellow"));
  expect(JSON.parse(localStorage.getItem("hotline.school_draft.") ?? "{}")).toEqual({ level_color: "yellow" });
  await vi.waitFor(() => expect(useSchoolDraft.getState().saved).toBe("saved"), { timeout: 4_000 });
  expect(localStorage.getItem("hotline.school_draft.")).toBeNull();
});

it("names what is missing on the last step, with a jump to it", async () => {
  form();
  await userEvent.click(await screen.findByTestId("school-step-contact"));
  expect(screen.getByTestId<HTMLButtonElement>("school-send").disabled).toBe(true);
  await userEvent.click(screen.getByRole("button", { name: "what happened" }));
  expect(screen.getByTestId("school-form").dataset["step"]).toBe("event");
});
