import { describe, expect, it } from "vitest";
import type { Contact } from "./contacts";
import { queueOf } from "./contacts";
import { apply, NOTHING_KNOWN } from "./frames";
import type { Message } from "./messages";
import { withMessages } from "./messages";
import { spans, toUtf16 } from "./offsets";

const contact = (fields: Partial<Contact>): Contact => ({ id: "c1", version: 1, state: "waiting", level: "low", opened_at: "2026-01-01T00:00:00Z", waiting_since: null, ...fields }) as Contact;
const message = (seq: number, fields: Partial<Message> = {}): Message => ({ id: `m${seq}`, contact_id: "c1", seq, text: "", from: "help_seeker", ...fields }) as Message;

describe("frames", () => {
  it("takes a projection in by its noun and moves the cursor", () => {
    const known = apply(NOTHING_KNOWN, { type: "contact.opened", cursor: "7", contact: contact({}) }, 0);
    expect(known.cursor).toBe("7");
    expect(known.contacts["c1"]?.level).toBe("low");
  });

  it("keeps the newer version when an older answer comes late", () => {
    const newer = apply(NOTHING_KNOWN, { type: "contact.changed", contact: contact({ version: 3, level: "high" }) }, 0);
    expect(apply(newer, { type: "contact.changed", contact: contact({ version: 2 }) }, 0).contacts["c1"]?.level).toBe("high");
  });

  it("drops what left the person's sight, with its transcript", () => {
    const known = apply({ ...NOTHING_KNOWN, contacts: { c1: contact({}) }, messages: { c1: [message(1)] } }, { type: "removed", noun: "contact", id: "c1" }, 0);
    expect(known.contacts).toEqual({});
    expect(known.messages).toEqual({});
  });

  it("takes several frames that came as one in their order", () => {
    const frames = [
      { type: "contact.opened", cursor: "7", contact: contact({}) },
      { type: "removed", cursor: "7", noun: "contact", id: "gone" },
      { type: "contact.changed", cursor: "7", contact: contact({ version: 2, level: "high" }) },
    ];
    const known = apply({ ...NOTHING_KNOWN, contacts: { gone: contact({ id: "gone" }) } }, { type: "several", frames }, 0);
    expect(Object.keys(known.contacts)).toEqual(["c1"]);
    expect(known.contacts["c1"]?.level).toBe("high");
    expect(known.cursor).toBe("7");
  });

  it("begins again from a snapshot, and goes on after a resume", () => {
    const held = { ...NOTHING_KNOWN, contacts: { old: contact({ id: "old" }) }, messages: { old: [message(1)] } };
    const resumed = apply(held, { type: "welcome", cursor: "9" }, 0);
    expect(resumed.contacts["old"]).toBeDefined();
    expect(resumed.generation).toBe(0);
    const again = apply(held, { type: "welcome", cursor: "9", snapshot: { contacts: [contact({})] } }, 0);
    expect(Object.keys(again.contacts)).toEqual(["c1"]);
    expect(again.messages).toEqual({});
    expect(again.generation).toBe(1);
  });

  it("forgets that the person types once their message is there", () => {
    const typing = apply(NOTHING_KNOWN, { type: "typing", contact_id: "c1" }, 500);
    expect(typing.typingAt["c1"]).toBe(500);
    expect(apply(typing, { type: "message.received", message: message(1) }, 600).typingAt["c1"]).toBeUndefined();
  });
});

describe("what is being said", () => {
  const partial = (text: string, from = "transcript_help_seeker") => ({ type: "partial", contact_id: "c1", from, text });

  it("is the newest of each voice, and gives way to the final words", () => {
    const first = apply(NOTHING_KNOWN, partial("I"), 1);
    const more = apply(apply(first, partial("I am"), 2), partial("Yes", "transcript_counselor"), 3);
    expect(more.partials["c1"]?.map((one) => one.text)).toEqual(["I am", "Yes"]);
    const final = apply(more, { type: "message.added", message: { ...message(1), from: "transcript_help_seeker" } }, 4);
    expect(final.partials["c1"]?.map((one) => one.text)).toEqual(["Yes"]);
    expect(more.messages).toEqual({});
  });
});

describe("transcripts", () => {
  it("stay in order and hold each message once, the last word about it winning", () => {
    const mixed = [message(3), message(1), message(2), message(3, { level: "high" })];
    const held = withMessages({}, mixed)["c1"]!;
    expect(held.map((one) => one.seq)).toEqual([1, 2, 3]);
    expect(held[2]?.level).toBe("high");
  });
});

describe("the queue", () => {
  it("puts the worst first, and who waits longer first among equals", () => {
    const all = {
      a: contact({ id: "a", waiting_since: "2026-01-01T00:00:09Z", level: "high" }),
      b: contact({ id: "b", waiting_since: "2026-01-01T00:00:01Z", level: "low" }),
      c: contact({ id: "c", waiting_since: "2026-01-01T00:00:05Z", level: "high" }),
      d: contact({ id: "d", waiting_since: "2026-01-01T00:00:07Z", level: "unassessed" }),
      e: contact({ id: "e", state: "active", level: "imminent" }),
    };
    expect(queueOf(all).map((one) => one.id)).toEqual(["c", "a", "d", "b"]);
  });
});

describe("offsets", () => {
  it("turns code points into UTF-16 units past emoji and rare characters", () => {
    expect(toUtf16("😀𠮷想死", [0, 2, 4, 9])).toEqual([0, 4, 6, 6]);
  });

  it("cuts overlapping marks without losing a character", () => {
    const text = "😀今晚攒够药了";
    const cut = spans(text, [
      { start: 1, end: 3 },
      { start: 2, end: 6 },
    ]);
    expect(cut.map((one) => one.text).join("")).toBe(text);
    expect(cut).toEqual([
      { text: "😀", marks: [] },
      { text: "今", marks: [0] },
      { text: "晚", marks: [0, 1] },
      { text: "攒够药", marks: [1] },
      { text: "了", marks: [] },
    ]);
  });

  it("gives nothing for no text", () => expect(spans("", [])).toEqual([]));
});
