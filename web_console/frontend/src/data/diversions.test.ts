import { describe, expect, it } from "vitest";
import type { Contact } from "./contacts";
import { type Diversion, inForce, queueLines } from "./diversions";
import type { Presence } from "./presences";

const contact = (id: string, more: Partial<Contact>) => ({ id, channel: "chat", state: "waiting", language: "zh", skills: [], opened_at: "2026-03-02T03:00:00Z", waiting_since: null, ...more }) as unknown as Contact;
const person = (id: string, more: Partial<Presence>) => ({ id, state: "available", connected: true, ...more, skills: { "language:zh": 3, ...more.skills } }) as unknown as Presence;
const table = <T extends { id: string }>(...rows: T[]) => Object.fromEntries(rows.map((row) => [row.id, row]));

describe("the switchboard's lines", () => {
  it("count who waits by channel, language and skill, and who could take them", () => {
    const waiting = table(contact("a", { skills: ["youth"] }), contact("b", { waiting_since: "2026-03-02T02:59:00Z" }), contact("c", {}), contact("d", { state: "active" }));
    const people = table(person("x", { skills: { youth: 3 } }), person("y", {}), person("z", { state: "on_break", skills: { youth: 5 } }));
    expect(queueLines(waiting, people)).toEqual([
      { channel: "chat", language: "zh", skill: null, waiting: 2, longestSince: "2026-03-02T02:59:00Z", able: 2 },
      { channel: "chat", language: "zh", skill: "youth", waiting: 1, longestSince: "2026-03-02T03:00:00Z", able: 1 },
    ]);
  });

  it("show only diversions in force", () => {
    const made = (id: string, until: string, ended_at: string | null) => ({ id, until, ended_at }) as unknown as Diversion;
    const all = table(made("over", "2026-03-02T02:00:00Z", null), made("ended", "2026-03-02T05:00:00Z", "2026-03-02T03:00:00Z"), made("on", "2026-03-02T05:00:00Z", null));
    expect(inForce(all, Date.parse("2026-03-02T04:00:00Z")).map((one) => one.id)).toEqual(["on"]);
  });
});
