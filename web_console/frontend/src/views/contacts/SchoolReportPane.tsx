import { useQuery } from "@tanstack/react-query";
import type { Contact } from "../../data/contacts";
import { loadReports } from "../../data/schoolReportCommands";
import { useKnown } from "../../data/store";
import { Failed, Loading } from "../../ui/states";
import { ReportToHandle } from "../school/ReportPage";

/** A school writes no chat: its report stands where a conversation would. */
export function SchoolReportPane({ contact }: { contact: Contact }) {
  const report = useKnown((known) => (contact.school_report_id ? known.schoolReports[contact.school_report_id] : undefined));
  const { error, refetch } = useQuery({ queryKey: ["school-report", contact.school_report_id], queryFn: loadReports, enabled: report === undefined });
  if (report) return <ReportToHandle report={report} />;
  return error ? <Failed error={error} retry={() => void refetch()} /> : <Loading rows={6} />;
}
