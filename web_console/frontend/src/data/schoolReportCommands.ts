import { http } from "../wire/http";
import { newId } from "../wire/ids";
import type { SchoolReport } from "./schoolReports";
import { learn } from "./store";

/** The form as far as it is filled in: kept here and on the server, until it is sent. */
export type Draft = Readonly<Record<string, unknown>>;

export const fetchDraft = () => http.get<Draft>("/api/school-reports/draft");
export const saveDraft = (draft: Draft) => http.put<void>("/api/school-reports/draft", draft);

export const sendReport = async (facts: Draft, key = newId()): Promise<SchoolReport> =>
  learn("school_report", await http.post<SchoolReport>("/api/school-reports", facts, { idempotencyKey: key }));

export const addNote = async (report: SchoolReport, note: string): Promise<SchoolReport> =>
  learn("school_report", await http.post<SchoolReport>(`/api/school-reports/${report.id}/update`, { note }));

export async function loadReports(): Promise<number> {
  const page = await http.get<{ items: SchoolReport[] }>("/api/school-reports");
  for (const report of page.items) learn("school_report", report);
  return page.items.length;
}
