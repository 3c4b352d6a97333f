import type { Level } from "./levels";
import type { Named } from "./people";
import type { Table } from "./table";

export type AlertState =
  | "proposed"
  | "raised"
  | "acknowledged"
  | "assigned"
  | "en_route"
  | "on_scene"
  | "handed_over"
  | "closed"
  | "cancelled"
  | "dismissed";
export type AlertTarget = "crisis_team" | "police" | "ambulance";

export interface AlertStep {
  at: string;
  actor: Named | null;
  kind: string;
  note: string | null;
}

/** A call for help to somebody outside the conversation. At most one open one per contact. */
export interface Alert {
  id: string;
  contact_id: string;
  school_report_id: string | null;
  state: AlertState;
  version: number;
  target: AlertTarget;
  level: Level;
  kinds: string[];
  act_in_progress: boolean;
  source: "triage" | "counselor" | "supervisor" | "school";
  raised_at: string | null;
  created_at: string;
  raised_by: Named | null;
  deadline: string | null;
  deadline_for: "confirm" | "acknowledge" | "assign" | "depart" | "arrive" | "confirm_contact" | "close" | null;
  rung: number;
  ladder: { role: string; seconds: number }[];
  notified: string[];
  /** Staff ids of those who said that they cannot take it, in this round. */
  declined_by?: string[];
  acknowledged_by: Named | null;
  assigned_to: { kind: "crisis_team" | "police_desk"; id: string | null; name: string; name_zh?: string; name_en?: string } | null;
  /** What a person wrote; until then `reason_zh` and `reason_en` say why help was proposed. */
  what: string | null;
  reason_zh?: string | null;
  reason_en?: string | null;
  where: string | null;
  where_certainty: "exact" | "approximate" | "unknown";
  means: string | null;
  danger_to_others: boolean;
  callback: string | null;
  asked: "locate" | "rescue" | "welfare_check" | "escort" | null;
  person: string | null;
  counselor: Named | null;
  still_in_contact: boolean;
  steps: AlertStep[];
  outcome: "safe" | "to_hospital" | "not_found" | "refused" | "false_alarm" | "death" | null;
  cancel_reason: string | null;
  ended_at?: string | null;
}

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
