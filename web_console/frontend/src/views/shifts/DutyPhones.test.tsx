import { fireEvent, screen, waitFor } from "@testing-library/react";
import { afterEach, expect, it, vi } from "vitest";
import type { DutyPhones as Ruled } from "../../data/dutyPhones";
import { findings, show } from "../../testingRender";
import { DutyPhones } from "./DutyPhones";

const RULED: Ruled = { version: 0, numbers: ["+8613800138000", "+8613800138001"], language: "zh", alert_text: null, waiting_text: null, alert_words: "Alert {id}", waiting_words: "Waiting {id}", changed_by: null, changed_at: null };

const sent: unknown[] = [];
afterEach(() => vi.unstubAllGlobals());

it("changes the order, adds a telephone and a text, and says nothing but that", async () => {
  vi.stubGlobal("fetch", (_path: string, init?: RequestInit) => {
    if (init?.method === "PUT") sent.push(JSON.parse(init.body as string));
    return Promise.resolve(new Response(JSON.stringify(RULED), { status: 200, headers: { "Content-Type": "application/json" } }));
  });
  const { container } = show(<DutyPhones />);
  await screen.findAllByTestId("duty-phone");
  expect((screen.getByTestId("duty-alert-text") as HTMLTextAreaElement).placeholder).toBe("Alert {id}");
  fireEvent.click(screen.getByLabelText("Telephone 2 earlier"));
  fireEvent.click(screen.getByTestId("duty-phone-add"));
  expect((screen.getByTestId("duty-phones-save") as HTMLButtonElement).disabled).toBe(true);
  fireEvent.change(screen.getByLabelText("Telephone 3"), { target: { value: " +8613800138002 " } });
  fireEvent.click(screen.getByLabelText("Remove telephone 2"));
  fireEvent.change(screen.getByTestId("duty-waiting-text"), { target: { value: "请登录 {id}" } });
  fireEvent.click(screen.getByTestId("duty-phones-save"));
  await waitFor(() => expect(sent).toEqual([{ version: 0, numbers: ["+8613800138001", "+8613800138002"], language: "zh", alert_text: null, waiting_text: "请登录 {id}" }]));
  expect(await findings(container)).toEqual([]);
});
