import type { Schemas } from "../wire/schema";
import type { Table } from "./table";

export type AlertState = Schemas["AlertState"];
export type AlertTarget = Schemas["AlertTarget"];
export type AlertStep = Schemas["hotline__live__projections__alert__StepView"];

/** A call for help to somebody outside the conversation. At most one open one per contact. */
export type Alert = Schemas["AlertView"];

const OVER: ReadonlySet<AlertState> = new Set(["closed", "cancelled", "dismissed"]);

export const isOpen = (alert: Alert): boolean => !OVER.has(alert.state);

/** Open alerts, the one with the least time left first; those without a deadline last. */
export function openAlerts(alerts: Table<Alert>): Alert[] {
  return Object.values(alerts)
    .filter(isOpen)
    .sort((a, b) => (a.deadline ?? "9").localeCompare(b.deadline ?? "9") || a.created_at.localeCompare(b.created_at));
}

export function openAlertOf(alerts: Table<Alert>, contactId: string): Alert | null {
  return Object.values(alerts).find((alert) => alert.contact_id === contactId && isOpen(alert)) ?? null;
}
