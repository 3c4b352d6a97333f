import { http } from "../wire/http";
import type { Schemas } from "../wire/schema";

/** One line of the journal: who did what to which thing. Codes, ids and numbers only, never what somebody said. `actor`: a person,
 * or the word for the machine, the person who looks for help, the operator. */
export type JournalEntry = Schemas["JournalView"];
export type JournalPage = Schemas["JournalPage"];
/** Of the ids on the pages that are shown, those that have a name for the reader. */
export type Names = JournalPage["names"];

export function fetchJournal(subject: string, before: string | null): Promise<JournalPage> {
  const query = new URLSearchParams();
  if (subject) query.set("subject", subject);
  if (before) query.set("before", before);
  const asked = query.toString();
  return http.get(`/api/journal${asked ? `?${asked}` : ""}`);
}

export type Fact = [name: string, value: string];

/** What the event says (codes, ids, numbers), and apart from it the state after it: `now.…`, `due.…`. Empty ones are left out. */
export function factsOf(entry: JournalEntry): { said: Fact[]; state: Fact[] } {
  const said: Fact[] = [];
  const state: Fact[] = [];
  for (const [name, value] of Object.entries(entry.facts)) {
    if (value !== null && typeof value === "object" && !Array.isArray(value)) {
      state.push(...Object.entries(value).flatMap(([part, inner]) => written(`${name}.${part}`, inner)));
    } else said.push(...written(name, value));
  }
  return { said, state };
}

function written(name: string, value: unknown): Fact[] {
  if (value === null || value === undefined || value === "" || (Array.isArray(value) && value.length === 0)) return [];
  return [[name, Array.isArray(value) ? value.join(", ") : typeof value === "object" ? JSON.stringify(value) : String(value)]];
}
