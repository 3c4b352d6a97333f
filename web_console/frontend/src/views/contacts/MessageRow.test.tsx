import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import type { Message } from "../../data/messages";
import { findings, show } from "../../testingRender";
import { stepMarks } from "./EvidenceText";
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
  delivery: null,
  delivery_code: null,
  ...fields,
});

describe("a message on the counselor's desk", () => {
  it("marks the very words, past an emoji that JavaScript counts double", async () => {
    const text = "😀我把药都攒够了";
    const evidence = [{ start: 3, end: 7, cue: "means", frame: null, why_zh: "手边有药", why_en: "means at hand" }];
    const { container } = show(<MessageRow message={message({ text, level: "high", evidence })} seen={false} />);
    const mark = screen.getByTestId("evidence");
    expect(mark.textContent).toBe("药都攒够");
    expect(mark.getAttribute("aria-description")).toBe("means: means at hand");
    expect(container.textContent).toContain(text);
    expect(await findings(container)).toEqual([]);
  });

  it("says class and reason on focus, and steps from mark to mark by the arrow keys", async () => {
    const evidence = [
      { start: 0, end: 4, cue: "means_ready", frame: "f", why_zh: "", why_en: "the means are at hand" },
      { start: 5, end: 7, cue: "time_soon", frame: "f", why_zh: "", why_en: "it is within a day" },
    ];
    show(
      <div tabIndex={0} data-testid="log" onKeyDown={stepMarks}>
        <MessageRow message={message({ text: "药攒够了，今晚", level: "imminent", evidence })} seen={false} />
      </div>,
    );
    screen.getByTestId("log").focus();
    const user = userEvent.setup();
    await user.keyboard("{ArrowLeft}");
    expect(document.activeElement?.textContent).toBe("今晚");
    await user.keyboard("{ArrowLeft}");
    expect(document.activeElement?.textContent).toBe("药攒够了");
    expect((await screen.findByRole("tooltip")).textContent).toBe("means at hand: the means are at hand");
    await user.keyboard("{ArrowLeft}");
    expect(document.activeElement?.textContent).toBe("药攒够了");
  });

  it("marks what only the model found weaker, and names a class of the operator's own by its code", () => {
    const evidence = [
      { start: 0, end: 2, cue: "model", frame: null, why_zh: "", why_en: "reads like grave messages (+1.2)" },
      { start: 3, end: 5, cue: "our_own_class", frame: null, why_zh: "", why_en: "ours" },
    ];
    show(<MessageRow message={message({ text: "这样，算了", level: "moderate", evidence })} seen={false} />);
    const [model, own] = screen.getAllByTestId("evidence");
    expect(model!.className).toContain("mark_model");
    expect(own!.className).toContain("mark_moderate");
    expect(own!.getAttribute("aria-description")).toBe("our own class: ours");
  });

  it("says that nobody has assessed a message", () => {
    show(<MessageRow message={message({ text: "🙃", level: "unassessed" })} seen={false} />);
    expect(screen.getByTestId("message").textContent).toContain("Not assessed");
  });

  it("says whether ours was delivered or seen", () => {
    const { unmount } = show(<MessageRow message={message({ from: "counselor" })} seen={false} />);
    expect(screen.getByTestId("message-mark").textContent).toContain("Delivered");
    unmount();
    show(<MessageRow message={message({ from: "counselor" })} seen />);
    expect(screen.getByTestId("message-mark").textContent).toContain("Seen");
  });
});
