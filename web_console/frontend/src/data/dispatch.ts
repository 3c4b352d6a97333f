/** The dispatch board: which column an alert stands in, what may be done with it, and who is called when its time runs out. */
import { type Alert, type AlertState, type AlertStep, isOpen } from "./alerts";
import type { AlertMove } from "./alertCommands";
import { hasRole } from "./session";
import type { User } from "./people";
import type { Table } from "./table";

export const COLUMNS = ["answer", "assigned", "en_route", "on_scene", "closed"] as const;
export type Column = (typeof COLUMNS)[number];

/** An acknowledged alert still needs an answer: nobody goes yet. One that is handed over waits on the scene for its outcome. */
const COLUMN_OF: Record<AlertState, Column> = {
  proposed: "answer",
  raised: "answer",
  acknowledged: "answer",
  assigned: "assigned",
  en_route: "en_route",
  on_scene: "on_scene",
  handed_over: "on_scene",
  closed: "closed",
  cancelled: "closed",
  dismissed: "closed",
};

/** When the last thing happened to it. */
export const lastStepAt = (alert: Alert): string => alert.ended_at ?? alert.steps.at(-1)?.at ?? alert.raised_at ?? alert.created_at;

/** The board's columns: what is open by time left, what ended since `dayStart` (ms since epoch) with the newest first. A
 * proposal stands on it only once everyone is asked to confirm it. */
export function boardOf(alerts: Table<Alert>, dayStart: number): Record<Column, Alert[]> {
  const board: Record<Column, Alert[]> = { answer: [], assigned: [], en_route: [], on_scene: [], closed: [] };
  for (const alert of Object.values(alerts)) {
    const column = COLUMN_OF[alert.state];
    if (alert.state === "dismissed" || (alert.state === "proposed" && !alert.notified.includes("everyone"))) continue;
    if (column === "closed" && Date.parse(lastStepAt(alert)) < dayStart) continue;
    board[column].push(alert);
  }
  for (const column of COLUMNS) board[column].sort(column === "closed" ? newestFirst : leastTimeFirst);
  return board;
}

function leastTimeFirst(a: Alert, b: Alert): number {
  return time(a.deadline) - time(b.deadline) || a.created_at.localeCompare(b.created_at);
}

/** Instants are compared as instants: two ways of writing one differ as text. */
const time = (at: string | null): number => (at === null ? Number.POSITIVE_INFINITY : Date.parse(at));

const newestFirst = (a: Alert, b: Alert): number => Date.parse(lastStepAt(b)) - Date.parse(lastStepAt(a));

export function startOfDay(now: number): number {
  const day = new Date(now);
  day.setHours(0, 0, 0, 0);
  return day.getTime();
}

// What rings --------------------------------------------------------------------------------------

/** Whether somebody must answer it now, aloud. */
export const rings = (alert: Alert): boolean => alert.state === "raised" || alert.state === "proposed";

/** Whom it calls: dispatchers from the first rung, unless they passed it on; supervisors from theirs. */
export function ringsFor(user: User, alert: Alert): boolean {
  if (!rings(alert) || alert.declined_by?.includes(user.id)) return false;
  if (hasRole(user, "dispatcher")) return true;
  return hasRole(user, "supervisor") && (alert.notified.includes("supervisor") || alert.notified.includes("everyone"));
}

/** One ring: the next rung rings anew, with a new deadline, and has to be seen anew. */
export const ringOf = (alert: Alert): string => `${alert.id} ${alert.state} ${alert.deadline ?? ""}`;

export const ringing = (alerts: readonly Alert[], seen: ReadonlySet<string>): Alert[] =>
  alerts.filter((alert) => rings(alert) && !seen.has(ringOf(alert)));

export interface Climb {
  /** What happens when the time runs out: the next rung is called, or the ladder begins again. */
  what: "next" | "again" | "reminded";
  role: string | null;
  at: string;
}

/** What happens by itself when the deadline passes. */
export function climbOf(alert: Alert): Climb | null {
  if (alert.deadline === null || !isOpen(alert)) return null;
  const at = alert.deadline;
  if (rings(alert)) {
    const next = alert.ladder[alert.rung + 1];
    if (next) return { what: "next", role: next.role, at };
    const first = alert.state === "raised" ? alert.ladder[0] : alert.ladder.at(-1);
    return { what: "again", role: first?.role ?? null, at };
  }
  if (alert.deadline_for === "assign" || alert.deadline_for === "depart") return { what: "again", role: alert.ladder[0]?.role ?? null, at };
  return { what: "reminded", role: null, at };
}

// What may be done --------------------------------------------------------------------------------

const BEFORE_HAND_OVER: readonly AlertState[] = ["raised", "acknowledged", "assigned", "en_route", "on_scene"];

/** From which states; the server decides, this only keeps impossible buttons away (`hotline/domain/alerts.py` has the table). */
const FROM: Record<AlertMove, readonly AlertState[]> = {
  confirm: ["proposed"],
  dismiss: ["proposed"],
  acknowledge: ["raised"],
  decline: ["raised", "acknowledged", "assigned"],
  assign: BEFORE_HAND_OVER,
  hand_over_to_police: BEFORE_HAND_OVER,
  en_route: ["raised", "acknowledged", "assigned"],
  on_scene: ["raised", "acknowledged", "assigned", "en_route"],
  confirm_contact: ["en_route", "on_scene"],
  handed_over: ["en_route", "on_scene"],
  close: ["acknowledged", "assigned", "en_route", "on_scene", "handed_over"],
  cancel: BEFORE_HAND_OVER,
  update: ["proposed", ...BEFORE_HAND_OVER, "handed_over"],
};
const BY_WHOEVER_GOES: ReadonlySet<AlertMove> = new Set(["en_route", "on_scene", "confirm_contact", "handed_over"]);

export function allows(alert: Alert, move: AlertMove): boolean {
  if (BY_WHOEVER_GOES.has(move) && alert.assigned_to === null) return false;
  return FROM[move].includes(alert.state);
}

/** The steps of whoever goes, in their order. */
export const FIELD_MOVES = ["en_route", "on_scene", "handed_over", "close"] as const;
export type FieldMove = (typeof FIELD_MOVES)[number];

/** The next step of whoever goes; null when it is over. */
export function nextFieldMove(alert: Alert): FieldMove | null {
  if (!isOpen(alert)) return null;
  if (alert.state === "en_route") return "on_scene";
  if (alert.state === "on_scene") return "handed_over";
  if (alert.state === "handed_over") return "close";
  return "en_route";
}

export const OUTCOMES = ["safe", "to_hospital", "not_found", "refused", "false_alarm", "death"] as const;

// News --------------------------------------------------------------------------------------------

export interface News {
  alert: Alert;
  step: AlertStep;
}

/** What has happened, the newest first: to read, nothing to answer. */
export function newsOf(alerts: Table<Alert>, most: number): News[] {
  return Object.values(alerts)
    .flatMap((alert) => alert.steps.map((step) => ({ alert, step })))
    .sort((a, b) => Date.parse(b.step.at) - Date.parse(a.step.at))
    .slice(0, most);
}
