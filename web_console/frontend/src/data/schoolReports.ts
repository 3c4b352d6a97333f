import type { AlertState } from "./alerts";
import type { Level } from "./levels";
import type { Named } from "./people";
import type { Table } from "./table";

export interface SchoolReport {
  id: string;
  number: string;
  state: "submitted" | "received" | "being_handled" | "closed";
  level_color: "red" | "orange" | "yellow" | "blue";
  level: Level;
  contact_id: string | null;
  school: string;
  reporter: string | null;
  facts: Record<string, unknown>;
  handled_by: Named | null;
  alert_state: AlertState | null;
  asked_of_school: { code: string; zh: string; en: string; by: string | null; done_at?: string | null }[];
  due_at: string | null;
  steps: { at: string; kind: string; note: string | null; actor: Named | null }[];
  created_at: string;
  version: number;
}

export const REPORT_STATES = ["submitted", "received", "being_handled", "closed"] as const;

/** What is open first, then the newest. */
export function listedReports(reports: Table<SchoolReport>): SchoolReport[] {
  return Object.values(reports).sort((a, b) => Number(a.state === "closed") - Number(b.state === "closed") || Date.parse(b.created_at) - Date.parse(a.created_at));
}

/** What the school still has to do, the earliest first; then what is done. */
export function askedInOrder(report: SchoolReport): SchoolReport["asked_of_school"] {
  const due = (by: string | null) => (by === null ? Number.POSITIVE_INFINITY : Date.parse(by));
  return [...report.asked_of_school].sort((a, b) => Number(Boolean(a.done_at)) - Number(Boolean(b.done_at)) || due(a.by) - due(b.by));
}
