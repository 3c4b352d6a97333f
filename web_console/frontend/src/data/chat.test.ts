import { describe, expect, it } from "vitest";
import { applyChat, type ChatContact, type ChatMessage, lastHeard, NO_CHAT, resumeAfter } from "./chat";

const contact = (fields: Partial<ChatContact> = {}): ChatContact => ({
  id: "c1",
  state: "waiting",
  place: 1,
  usual_wait_seconds: null,
  interrupted: false,
  warned: false,
  closes_at: null,
  on_duty: true,
  read_up_to_seq: 0,
  ...fields,
});
const message = (seq: number, from: ChatMessage["from"] = "you"): ChatMessage => ({ id: `m${seq}`, seq, from, text: "", text_zh: null, text_en: null, code: null, at: "", client_id: null });

describe("the help-seeker's chat", () => {
  it("takes in the welcome, the messages and the state", () => {
    let chat = applyChat(NO_CHAT, { type: "welcome", contact: contact() }, 0);
    chat = applyChat(chat, { type: "message", message: message(1) }, 0);
    chat = applyChat(chat, { type: "contact.state", contact: contact({ state: "active", place: null }) }, 0);
    expect(chat.contact?.state).toBe("active");
    expect(chat.messages).toHaveLength(1);
  });

  it("shows a message once, though acknowledgement and frame both bring it", () => {
    const once = applyChat(NO_CHAT, { type: "message", message: message(1) }, 0);
    expect(applyChat(once, { type: "message", message: message(1) }, 0).messages).toHaveLength(1);
  });

  it("never takes a read mark back", () => {
    let chat = applyChat(NO_CHAT, { type: "welcome", contact: contact() }, 0);
    chat = applyChat(chat, { type: "message.read", up_to_seq: 5 }, 0);
    chat = applyChat(chat, { type: "contact.state", contact: contact({ state: "active", read_up_to_seq: 3 }) }, 0);
    expect(chat.contact?.read_up_to_seq).toBe(5);
  });

  it("forgets that the counselor types once their message is there", () => {
    const typing = applyChat(NO_CHAT, { type: "typing" }, 700);
    expect(typing.typingAt).toBe(700);
    expect(applyChat(typing, { type: "message", message: message(1, "counselor") }, 800).typingAt).toBe(0);
  });

  it("resumes before the first gap, so that nothing is left out", () => {
    expect(resumeAfter([])).toBeNull();
    expect(resumeAfter([message(1), message(2), message(4)])).toBe("2");
    expect(resumeAfter([message(7), message(8)])).toBe("8");
  });

  it("reports as read only what others wrote", () => {
    expect(lastHeard([message(1, "automatic"), message(2, "counselor"), message(3)])).toBe(2);
    expect(lastHeard([message(1)])).toBe(0);
  });
});
