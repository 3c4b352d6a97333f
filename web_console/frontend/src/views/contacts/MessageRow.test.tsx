import { screen } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { Message } from "../../data/messages";
import { findings, show } from "../../testingRender";
import { MessageRow } from "./MessageRow";

const message = (fields: Partial<Message>): Message => ({
  id: "m1",
  contact_id: "c1",
  seq: 1,
  from: "help_seeker",
  code: null,
  staff: null,
  client_id: null,
  text: "",
  at: "2026-01-01T10:00:00Z",
  level: null,
  kinds: [],
  act_in_progress: false,
  evidence: [],
  ...fields,
});

describe("a message on the counselor's desk", () => {
  it("marks the very words, past an emoji that JavaScript counts double", async () => {
    const text = "😀我把药都攒够了";
    const evidence = [{ start: 3, end: 7, cue: "means", frame: null, why_zh: "手边有药", why_en: "means at hand" }];
    const { container } = show(<MessageRow message={message({ text, level: "high", evidence })} seen={false} />);
    const mark = screen.getByTestId("evidence");
    expect(mark.textContent).toBe("药都攒够");
    expect(mark.getAttribute("title")).toBe("means at hand");
    expect(container.textContent).toContain(text);
    expect(await findings(container)).toEqual([]);
  });

  it("says whether ours was delivered or seen", () => {
    const { unmount } = show(<MessageRow message={message({ from: "counselor" })} seen={false} />);
    expect(screen.getByTestId("message-mark").textContent).toContain("Delivered");
    unmount();
    show(<MessageRow message={message({ from: "counselor" })} seen />);
    expect(screen.getByTestId("message-mark").textContent).toContain("Seen");
  });
});
