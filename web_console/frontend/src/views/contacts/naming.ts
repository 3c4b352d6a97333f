import type { Contact } from "../../data/contacts";
import { useKnown } from "../../data/store";
import { useWords } from "../../words/words";

/** What a contact is called on screen: the nickname given, the school that reports, the masked number, or the end of its id. */
export function useContactName(): (contact: Contact) => string {
  const t = useWords("desk");
  const reports = useKnown((known) => known.schoolReports);
  const school = (contact: Contact) => (contact.school_report_id ? reports[contact.school_report_id]?.school : undefined);
  return (contact) => contact.nickname ?? school(contact) ?? contact.number_masked ?? `${t("unnamed")} ${contact.id.slice(-4)}`;
}

export const clockTime = (at: string, language: "zh" | "en"): string =>
  new Date(at).toLocaleTimeString(language === "zh" ? "zh-CN" : "en", { hour: "2-digit", minute: "2-digit", hour12: false });

export const dateTime = (at: string, language: "zh" | "en"): string =>
  new Date(at).toLocaleString(language === "zh" ? "zh-CN" : "en", { month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", hour12: false });

/** For what may lie years back. */
export const dayOfYear = (at: string, language: "zh" | "en"): string => new Date(at).toLocaleDateString(language === "zh" ? "zh-CN" : "en", { year: "numeric", month: "short", day: "numeric" });
