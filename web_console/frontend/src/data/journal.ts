import { http } from "../wire/http";
import type { Named } from "./people";

/** One line of the journal: who did what to which thing. Codes, ids and numbers only, never what somebody said. */
export interface JournalEntry {
  seq: number;
  at: string;
  actor: Named | string | null;
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

/** Who did it, as one word; null for the machine. */
export function actorName(entry: JournalEntry): string | null {
  if (entry.actor === null || typeof entry.actor === "string") return entry.actor;
  return entry.actor.name;
}

/** The facts as `name: value` pairs, without empty ones. */
export function factsOf(entry: JournalEntry): [name: string, value: string][] {
  return Object.entries(entry.facts)
    .filter(([, value]) => value !== null && value !== undefined && value !== "")
    .map(([name, value]) => [name, typeof value === "object" ? JSON.stringify(value) : String(value)]);
}
