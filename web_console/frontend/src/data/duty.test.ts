import { describe, expect, it } from "vitest";
import { type Duty, daysFrom, extras, gapsWithin, isNow, type Occurrence, startOfWeek, weekOf } from "./duty";
import type { Presence } from "./presences";

const local = (month: number, day: number, hour = 0) => new Date(2026, month - 1, day, hour);
const occurrence = (start: Date, end: Date, fields: Partial<Occurrence> = {}): Occurrence => ({ role: "counselor", day: "2026-03-02", start: start.toISOString(), end: end.toISOString(), people: [{ id: "li", name: "Li" }], shift_id: "s1", name: "", ...fields });
const duty = (fields: Partial<Duty> = {}): Duty => ({
  id: "duty",
  on_duty: [{ role: "counselor", planned: true, people: [{ id: "li", name: "Li" }] }],
  gaps: [],
  absent: [],
  version: 1,
  ...fields,
});

describe("the week", () => {
  it("begins on Monday, also for somebody who looks on Sunday", () => {
    expect(startOfWeek(local(3, 8, 23))).toEqual(local(3, 2));
    expect(startOfWeek(local(3, 2))).toEqual(local(3, 2));
  });

  it("has seven calendar days across a changed clock", () => {
    expect(daysFrom(local(3, 28), 7).map((day) => [day.getDate(), day.getHours()])).toEqual([28, 29, 30, 31, 1, 2, 3].map((day) => [day, 0]));
  });

  it("shows a night on the day it begins on, and a gap on every day it touches", () => {
    const gap = { role: "dispatcher", start: local(3, 3, 22).toISOString(), end: local(3, 4, 6).toISOString() } as const;
    const days = weekOf(local(3, 2), [occurrence(local(3, 3, 22), local(3, 4, 6))], [gap]);
    expect(days.map((day) => day.occurrences.length)).toEqual([0, 1, 0, 0, 0, 0, 0]);
    expect(days.map((day) => day.gaps.length)).toEqual([0, 1, 1, 0, 0, 0, 0]);
  });
});

it("is running from its beginning until just before its end", () => {
  const one = occurrence(local(3, 3, 8), local(3, 3, 16));
  const at = (hour: number) => isNow(one, local(3, 3, hour).getTime() / 1000);
  expect([at(7), at(8), at(15), at(16)]).toEqual([false, true, true, false]);
});

it("names who is here outside a shift, only where there are shifts", () => {
  const here = (id: string, state: Presence["state"]) => ({ id, name: id, state }) as Presence;
  const presences = { li: here("li", "available"), wang: here("wang", "available"), zhao: here("zhao", "offline") };
  expect(extras(duty(), presences).map((one) => one.id)).toEqual(["wang"]);
  expect(extras(duty({ on_duty: [{ role: "counselor", planned: false, people: [] }] }), presences)).toEqual([]);
  expect(extras(null, presences)).toEqual([]);
});

it("leaves out gaps that are over or far away", () => {
  const gap = (day: number) => ({ role: "counselor" as const, start: local(3, day).toISOString(), end: local(3, day, 6).toISOString() });
  const shown = gapsWithin(duty({ gaps: [gap(2), gap(5), gap(20)] }), 7, local(3, 3).getTime());
  expect(shown).toEqual([gap(5)]);
});
