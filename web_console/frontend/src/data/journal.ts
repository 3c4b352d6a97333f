import { http } from "../wire/http";
import type { Named } from "./people";

/** One line of the journal: who did what to which thing. Codes, ids and numbers only, never what somebody said. */
export interface JournalEntry {
  node: number;
  seq: number;
  at: string;
  /** A person, or the word for the machine, the person who looks for help, the operator. */
  actor: Named | string;
  kind: string;
  subject: string;
  facts: Record<string, unknown>;
}

export interface JournalPage {
  items: JournalEntry[];
  next: string | null;
}

export function fetchJournal(subject: string, before: string | null): Promise<JournalPage> {
  const query = new URLSearchParams();
  if (subject) query.set("subject", subject);
  if (before) query.set("before", before);
  const asked = query.toString();
  return http.get(`/api/journal${asked ? `?${asked}` : ""}`);
}

/** The facts as `name: value` pairs, without empty ones. */
export function factsOf(entry: JournalEntry): [name: string, value: string][] {
  return Object.entries(entry.facts)
    .filter(([, value]) => value !== null && value !== undefined && value !== "")
    .map(([name, value]) => [name, typeof value === "object" ? JSON.stringify(value) : String(value)]);
}
