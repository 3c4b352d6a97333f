import { describe, expect, it } from "vitest";
import { asLines, type Drift, figuresOf, finishedWeeks, type Label, progress, type Sampled } from "./triage";

const figure = (name: string, hits: number, moved: "up" | null = null) => ({ name, moved, series: [{ hits, of: 10, share: hits / 10 }] });

describe("the quality of triage", () => {
  it("names the weeks that are over by their Mondays, where the service is", () => {
    // Sunday 23:59 and Monday 00:01 in China.
    expect(finishedWeeks(Date.parse("2026-03-01T15:59:00Z"), 2)).toEqual(["2026-02-16", "2026-02-09"]);
    expect(finishedWeeks(Date.parse("2026-03-01T16:01:00Z"), 2)).toEqual(["2026-02-23", "2026-02-16"]);
  });

  it("puts what moved first, then the most frequent", () => {
    const drift = { figures: [figure("cue.a", 1), figure("cue.b", 9), figure("cue.c", 2, "up"), figure("level.low", 5)] } as unknown as Drift;
    expect(figuresOf(drift, "cue").map((one) => one.name)).toEqual(["cue.c", "cue.b", "cue.a"]);
  });

  it("counts what was read and what was missed", () => {
    const items = [{ reading: null }, { reading: { verdict: "missed" } }, { reading: { verdict: "right" } }] as Sampled[];
    expect(progress(items)).toEqual({ read: 2, missed: 1, of: 3 });
  });

  it("writes one line for each labelled message, also where the message has lines of its own", () => {
    const labels = [{ id: "a", text: "一\n二\u2028三\u0085" }, { id: "b", text: "“" }] as Label[];
    expect(asLines(labels)).not.toMatch(/[\u0085\u2028]/);
    expect(JSON.parse(asLines(labels.slice(0, 1))).text).toBe("一\n二\u2028三\u0085");
    expect(asLines(labels).trimEnd().split("\n").map((line) => JSON.parse(line).id)).toEqual(["a", "b"]);
  });
});
