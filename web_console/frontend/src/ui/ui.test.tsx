import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { act } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import { findings, show } from "../testingRender";
import { LEVELS } from "../data/levels";
import { running } from "./clock";
import { Confirm } from "./confirm";
import { enterSends } from "./keys";
import { LevelChip } from "./LevelChip";
import { announce, LiveRegions } from "./live";

describe("level chips", () => {
  it("say the level in words, whatever the colour", async () => {
    const { container } = show(
      <>
        {LEVELS.map((level) => (
          <LevelChip key={level} level={level} act={level === "imminent"} />
        ))}
      </>,
    );
    expect(screen.getByText("Risk level: Imminent A dangerous act is in progress")).toBeDefined();
    expect(screen.getByText("Risk level: Not assessed")).toBeDefined();
    expect(await findings(container)).toEqual([]);
  });
});

describe("running time", () => {
  it("is read as minutes and seconds, with hours only where there are any", () => {
    expect([0, 59.9, 72, 3672, -5].map(running)).toEqual(["0:00", "0:59", "1:12", "1:01:12", "0:00"]);
  });
});

describe("Enter", () => {
  const key = (fields: Partial<KeyboardEvent>) => enterSends({ key: "Enter", shiftKey: false, altKey: false, ctrlKey: false, metaKey: false, isComposing: false, keyCode: 13, ...fields });

  it("sends, but not while an input method is choosing a character", () => {
    expect(key({})).toBe(true);
    expect(key({ isComposing: true })).toBe(false);
    expect(key({ keyCode: 229 })).toBe(false);
    expect(key({ shiftKey: true })).toBe(false);
    expect(key({ altKey: true })).toBe(false);
  });
});

describe("live regions", () => {
  it("tell alerts at once and messages politely, and the same words again as news", () => {
    show(<LiveRegions />);
    act(() => announce("hello"));
    expect(screen.getByTestId("live-polite").textContent).toBe("hello");
    act(() => announce("hello"));
    expect(screen.getByTestId("live-polite").textContent).not.toBe("hello");
    act(() => announce("danger", "assertive"));
    expect(screen.getByTestId("live-assertive").textContent).toBe("danger");
  });
});

describe("a question before an act", () => {
  it("asks for the reason it needs, and stays when the act was refused", async () => {
    const close = vi.fn();
    const refuse = vi.fn().mockResolvedValue(false);
    show(<Confirm opened title="Cancel the alert" consequence="They turn back." confirm="Cancel it" reason="Why" onConfirm={refuse} onClose={close} />);
    const yes = screen.getByTestId("confirm-yes");
    expect(yes).toHaveProperty("disabled", true);
    await userEvent.type(screen.getByTestId("confirm-reason"), "found safe");
    await userEvent.click(yes);
    expect(refuse).toHaveBeenCalledWith("found safe");
    expect(close).not.toHaveBeenCalled();
    expect(await findings(screen.getByRole("dialog"))).toEqual([]);
  });
});
