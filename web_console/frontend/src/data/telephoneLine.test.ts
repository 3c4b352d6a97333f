import { describe, expect, it } from "vitest";
import { apply, NOTHING_KNOWN } from "./frames";
import { areWhole, type Hours, withNewSpan, withoutSpan, withSpan } from "./telephoneLine";
import { openVoicemails, type Voicemail } from "./voicemails";

describe("hours", () => {
  it("are changed without touching what was there", () => {
    const before: Hours = { "0": [["08:00", "12:00"]] };
    const after = withSpan(withNewSpan(before, "0"), "0", 1, ["13:00", "18:00"]);
    expect(after["0"]).toEqual([
      ["08:00", "12:00"],
      ["13:00", "18:00"],
    ]);
    expect(before["0"]).toHaveLength(1);
    expect(withoutSpan(after, "0", 0)["0"]).toEqual([["13:00", "18:00"]]);
  });

  it("cannot be sent while a time is missing or a span has no length", () => {
    expect(areWhole({ "0": [["08:00", ""]] })).toBe(false);
    expect(areWhole({ "0": [["08:00", "08:00"]] })).toBe(false);
    expect(areWhole({ "0": [], "5": [["22:00", "06:00"]] })).toBe(true);
  });
});

const message = (id: string, more: Partial<Voicemail>): Voicemail => ({ id, state: "open", due_at: "2026-03-02T03:00:00Z", version: 1, ...more }) as Voicemail;

describe("messages left on the line", () => {
  it("stand in the order of their time until they are done", () => {
    const table = { a: message("a", { due_at: "2026-03-02T04:00:00Z" }), b: message("b", {}), c: message("c", { state: "done" }) };
    expect(openVoicemails(table).map((each) => each.id)).toEqual(["b", "a"]);
  });

  it("come with the snapshot and with frames, and the newer one stands", () => {
    const first = apply(NOTHING_KNOWN, { type: "welcome", cursor: "1", snapshot: { voicemails: [message("a", { version: 2 })] } }, 0);
    const late = apply(first, { type: "voicemail.taken", cursor: "2", voicemail: message("a", { version: 1, state: "taken" }) }, 0);
    expect(late.voicemails["a"]?.state).toBe("open");
    const next = apply(late, { type: "voicemail.taken", cursor: "3", voicemail: message("a", { version: 3, state: "taken" }) }, 0);
    expect(next.voicemails["a"]?.state).toBe("taken");
  });
});
