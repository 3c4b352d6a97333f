import { http } from "../wire/http";
import type { Schemas } from "../wire/schema";
import type { Presence } from "./presences";
import type { User } from "./people";
import { learn } from "./store";
import type { Table } from "./table";

/** Who is on duty now, who is missing, and when nobody will be: one thing for the whole service. */
export type Duty = Schemas["DutyView"];
/** How far the duty telephones are. */
export type DutyRing = Schemas["DutyRingView"];
export type Handover = Schemas["HandoverView"];
export type DutyRole = Schemas["DutyRole"];
export type Plan = Schemas["DutyPlan"];
export type Shift = Schemas["ShiftView"];
export type Override = Schemas["DutyOverride"];
export type Occurrence = Schemas["OccurrenceView"];
export type PlanShift = Schemas["PlanShift"];
export type Differ = Schemas["DifferBody"];

export const ROLES: readonly DutyRole[] = ["counselor", "dispatcher", "supervisor"];

export const dutyOf = (duties: Table<Duty>): Duty | null => Object.values(duties)[0] ?? null;

export const ringOf = (rings: Table<DutyRing>): DutyRing | null => Object.values(rings).find((ring) => ring.state !== "over") ?? null;

export const fetchPlan = (since: Date, days: number) => http.get<Plan>(`/api/shifts?since=${encodeURIComponent(since.toISOString())}&days=${days}`);
export const planShift = (id: string, shift: PlanShift) => http.put<Shift>(`/api/shifts/${id}`, shift);
export const dropShift = (id: string) => http.delete<void>(`/api/shifts/${id}`);
export const differ = (override: Differ, key: string) => http.post<Override>("/api/shift-overrides", override, { idempotencyKey: key });
export const undoOverride = (id: string) => http.delete<void>(`/api/shift-overrides/${id}`);
export const fetchHandovers = () => http.get<{ items: Handover[] }>("/api/handovers");
export const writeHandover = async (role: DutyRole, note: string, key: string) => learn("handover", await http.post<Handover>("/api/handovers", { role, note }, { idempotencyKey: key }));
export const acceptHandover = async (id: string) => learn("handover", await http.post<Handover>(`/api/handovers/${id}/accept`));

/** The roles in which somebody may be on duty. */
export const rolesOf = (user: User): DutyRole[] => ROLES.filter((role) => user.roles.includes(role));

const DAY_MS = 86_400_000;

/** Monday of the week of this moment, at midnight here. */
export function startOfWeek(now: Date): Date {
  const day = new Date(now.getFullYear(), now.getMonth(), now.getDate());
  day.setDate(day.getDate() - ((day.getDay() + 6) % 7));
  return day;
}

/** By calendar, not by 24 hours: a week with a changed clock has seven days too. */
export function daysFrom(start: Date, n: number): Date[] {
  return Array.from({ length: n }, (_, day) => new Date(start.getFullYear(), start.getMonth(), start.getDate() + day));
}

export interface DayColumn {
  day: Date;
  occurrences: Occurrence[];
  gaps: Duty["gaps"];
}

/** What begins on each day here; a gap stands on every day that it touches. */
export function weekOf(start: Date, occurrences: readonly Occurrence[], gaps: Duty["gaps"]): DayColumn[] {
  return daysFrom(start, 7).map((day) => {
    const [from, to] = [day.getTime(), daysFrom(day, 2)[1]!.getTime()];
    const begins = (at: string) => Date.parse(at) >= from && Date.parse(at) < to;
    return {
      day,
      occurrences: occurrences.filter((one) => begins(one.start)),
      gaps: gaps.filter((gap) => Date.parse(gap.start) < to && Date.parse(gap.end) > from),
    };
  });
}

export const isNow = (occurrence: Occurrence, seconds: number): boolean => Date.parse(occurrence.start) <= seconds * 1000 && seconds * 1000 < Date.parse(occurrence.end);

/** Signed in and at work without being planned now: allowed, and shown as such. */
export function extras(duty: Duty | null, presences: Table<Presence>): Presence[] {
  const planned = new Set(duty?.on_duty.flatMap((role) => role.people.map((person) => person.id)) ?? []);
  const asks = duty?.on_duty.some((role) => role.role === "counselor" && role.planned) ?? false;
  return asks ? Object.values(presences).filter((one) => one.state !== "offline" && !planned.has(one.id)) : [];
}

/** Gaps that begin within `days`, the first one first. */
export const gapsWithin = (duty: Duty | null, days: number, now: number): Duty["gaps"] => (duty?.gaps ?? []).filter((gap) => Date.parse(gap.start) < now + days * DAY_MS && Date.parse(gap.end) > now);
