import { describe, expect, it } from "vitest";
import { answered, asked, type Instrument } from "./instruments";

const yesNo = [
  { value: true, zh: "是", en: "Yes" },
  { value: false, zh: "否", en: "No" },
];
const screener = {
  id: "s",
  items: [
    { id: "2", options: yesNo, shown_if: [] },
    { id: "3", options: yesNo, shown_if: [{ item: "2", values: [true] }] },
    { id: "6", options: yesNo, shown_if: [] },
  ],
} as unknown as Instrument;

describe("an instrument", () => {
  it("asks what the answers so far call for", () => {
    expect(asked(screener, {}).map((item) => item.id)).toEqual(["2", "6"]);
    expect(asked(screener, { "2": true }).map((item) => item.id)).toEqual(["2", "3", "6"]);
    expect(asked(screener, { "2": false }).map((item) => item.id)).toEqual(["2", "6"]);
  });

  it("does not send answers to questions that are no longer asked", () => {
    expect(answered(screener, { "2": false, "3": true, "6": false })).toEqual({ "2": false, "6": false });
  });
});
