import type { Schemas } from "../wire/schema";
import type { Table } from "./table";

export type SchoolReport = Schemas["SchoolReportView"];

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
