import { screen } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { findings, show } from "../../testingRender";
import { ErasedWords } from "./ErasedWords";

describe("words that had their time", () => {
  it.each([
    ["zh", "清除"],
    ["en", "was erased on"],
  ] as const)("are said to be gone, and when (%s)", async (language, said) => {
    const { container } = show(<ErasedWords at="2029-03-03T03:00:00Z" />, language);
    const empty = await screen.findByTestId("state-empty");
    expect(empty.textContent).toContain(said);
    expect(empty.textContent).toContain(language === "zh" ? "2029年3月3日" : "Mar 3, 2029");
    expect(await findings(container)).toEqual([]);
  });
});
