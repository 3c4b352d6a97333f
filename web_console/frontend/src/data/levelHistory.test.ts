import { describe, expect, it } from "vitest";
import type { PastAssessment } from "./contactCommands";
import type { Level } from "./levels";
import { moments, moves, peakOf, trendOf } from "./levelHistory";
import type { Message } from "./messages";

const at = (minute: number): string => new Date(Date.UTC(2026, 0, 1, 10, minute)).toISOString();
const said = (seq: number, level: Level | null): Message => ({ id: `m${seq}`, seq, at: at(seq), level }) as Message;
const all = (...levels: Level[]): Message[] => levels.map((level, index) => said(index + 1, level));
const step = (minute: number, level: Level): PastAssessment => ({ at: at(minute), level, source: "triage" }) as PastAssessment;

describe("the history of a level", () => {
  it("puts a step after the message that caused it and leaves out what nobody judged", () => {
    const told = moments([step(2, "high")], [said(1, "none"), said(2, "high"), said(3, null)]);
    expect(told.map((moment) => ("step" in moment ? "step" : moment.message.seq))).toEqual([1, 2, "step"]);
  });

  it("tells the trend of the last messages, once there are enough", () => {
    expect(trendOf(all("none", "none", "high"))).toBeNull();
    expect(trendOf(all("none", "low", "none", "high", "high", "moderate"))).toBe("rising");
    expect(trendOf(all("high", "imminent", "high", "none", "low", "none"))).toBe("easing");
    expect(trendOf(all("low", "low", "none", "low", "low"))).toBe("steady");
    expect(trendOf(all("low", "unassessed", "unassessed", "unassessed"))).toBeNull();
  });

  it("leaves out what the machine found anew without moving the level", () => {
    const steps = [step(1, "low"), step(2, "low"), step(3, "high"), { ...step(4, "high"), source: "override" }, step(5, "high")];
    expect(moves(steps).map((one) => one.at)).toEqual([at(1), at(3), at(4)]);
  });

  it("finds the peak's newest message", () => {
    expect(peakOf("high", all("high", "low", "high", "none"))?.seq).toBe(3);
    expect(peakOf("imminent", all("high"))).toBeNull();
  });
});
