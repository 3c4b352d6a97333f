import { screen } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { explained, whatToDo } from "../../data/texts";
import type { Message } from "../../data/messages";
import { findings, show } from "../../testingRender";
import { TextDelivery } from "./TextDelivery";

const message = (fields: Partial<Message>): Message => ({
  id: "m1",
  contact_id: "c1",
  seq: 1,
  from: "counselor",
  code: null,
  staff: null,
  client_id: null,
  text: "在吗",
  at: "2026-01-01T10:00:00Z",
  level: null,
  kinds: [],
  act_in_progress: false,
  evidence: [],
  delivery: "queued",
  delivery_code: null,
  ...fields,
});

describe("how far a text has come", () => {
  it("is said in words, not by a tick alone", async () => {
    const { container } = show(<TextDelivery message={message({ delivery: "delivered" })} />, "zh");
    expect(screen.getByTestId("text-delivery").textContent).toBe("已送达手机");
    expect(await findings(container)).toEqual([]);
  });

  it("of a phone that is off it says why, and offers to send again", () => {
    show(<TextDelivery message={message({ delivery: "undelivered", delivery_code: 30003 })} />);
    expect(screen.getByTestId("text-delivery").textContent).toContain("off or out of reach");
    expect(screen.getByTestId("text-resend")).toBeTruthy();
  });

  it("of a person who opted out it says to call, and offers nothing that can only fail", () => {
    show(<TextDelivery message={message({ delivery: "failed", delivery_code: 21610 })} />);
    expect(screen.getByTestId("text-delivery").textContent).toContain("Call them");
    expect(screen.queryByTestId("text-resend")).toBeNull();
  });

  it("names an unknown error by its number", () => {
    show(<TextDelivery message={message({ delivery: "failed", delivery_code: 30410 })} />);
    expect(screen.getByTestId("text-delivery").textContent).toContain("30410");
  });

  it("knows what can be done", () => {
    expect(whatToDo(null)).toBe("do_later");
    expect(whatToDo(30007)).toBe("do_words");
    expect(whatToDo(30005)).toBe("do_call");
    expect(explained(12345)).toBeNull();
  });
});
