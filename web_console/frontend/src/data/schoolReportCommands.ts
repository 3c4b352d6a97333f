import { http } from "../wire/http";
import { newId } from "../wire/ids";
import type { SchoolReport } from "./schoolReports";
import { learn } from "./store";

/** `key` makes a repeated attempt the same report. */
export const sendReport = async (facts: Record<string, unknown>, key = newId()): Promise<SchoolReport> =>
  learn("school_report", await http.post<SchoolReport>("/api/school-reports", facts, { idempotencyKey: key }));

export const updateReport = async (report: SchoolReport, change: { note?: string; done?: string[] }): Promise<SchoolReport> =>
  learn("school_report", await http.post<SchoolReport>(`/api/school-reports/${report.id}/update`, change));

export async function loadReports(): Promise<number> {
  const page = await http.get<{ items: SchoolReport[] }>("/api/school-reports");
  for (const report of page.items) learn("school_report", report);
  return page.items.length;
}

/** It is worse than reported: the level rises, and more may be asked of the school. */
export const worsenReport = async (report: SchoolReport, color: SchoolReport["level_color"], actInProgress: boolean): Promise<SchoolReport> =>
  learn("school_report", await http.post<SchoolReport>(`/api/school-reports/${report.id}/worsened`, { level_color: color, act_in_progress: actInProgress }));

/** One more thing asked of the school, by whoever handles it; without hours the service's usual span. */
export const askSchool = async (report: SchoolReport, code: string, withinHours: number | null): Promise<SchoolReport> =>
  learn("school_report", await http.post<SchoolReport>(`/api/school-reports/${report.id}/ask`, { code, ...(withinHours === null ? {} : { within_hours: withinHours }) }));

export const fetchSchoolCodes = () => http.get<{ asks: { code: string; zh: string; en: string }[] }>("/api/school-reports/codes");
