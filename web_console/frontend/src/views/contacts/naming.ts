import type { Contact } from "../../data/contacts";
import { useWords } from "../../words/words";

/** What a contact is called on screen: the nickname given, the masked number, or the end of its id. */
export function useContactName(): (contact: Contact) => string {
  const t = useWords("desk");
  return (contact) => contact.nickname ?? contact.number_masked ?? `${t("unnamed")} ${contact.id.slice(-4)}`;
}

export const clockTime = (at: string, language: "zh" | "en"): string =>
  new Date(at).toLocaleTimeString(language === "zh" ? "zh-CN" : "en", { hour: "2-digit", minute: "2-digit", hour12: false });

export const dateTime = (at: string, language: "zh" | "en"): string =>
  new Date(at).toLocaleString(language === "zh" ? "zh-CN" : "en", { month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", hour12: false });
