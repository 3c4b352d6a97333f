import { screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { show } from "../testingRender";
import { type Next, NextStep } from "./NextStep";

const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString();
const said = (next: Next | null, language: "zh" | "en" = "en") => {
  show(<NextStep next={next} />, language);
  return screen.queryAllByTestId("next-step").at(-1)?.textContent ?? null;
};

it("says what happens and runs down when it is near", () => {
  expect(said({ what: "wait_escalates", at: inSeconds(90), who: null })).toMatch(/^supervisors are told again in 1:(30|29)$/);
  expect(said({ what: "wait_escalates", at: inSeconds(-5), who: null }, "zh")).toBe("马上再次通知督导");
});

it("says the day and the time when it is far, and who has it in hand", () => {
  const words = said({ what: "falls_due", at: inSeconds(3 * 86_400), who: { id: "li", name: "Li Na" } });
  expect(words).toMatch(/^the call is due on \d+ \w+ at \d\d:\d\d · with Li Na$/);
});

it("names who has it in hand where no clock runs", () => {
  expect(said({ what: "in_conversation", at: null, who: { id: "li", name: "李娜" } }, "zh")).toBe("李娜 正在接待");
});

it("does not fall silent at a code that it does not know", () => {
  expect(said({ what: "made_up_tomorrow", at: inSeconds(60), who: null })).toMatch(/^something happens in /);
});

it("is not there where nothing is to come", () => {
  expect(said(null)).toBeNull();
});
