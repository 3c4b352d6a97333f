import type { Schemas } from "../wire/schema";
import { rank } from "./levels";
import type { Table } from "./table";

export type Channel = Schemas["hotline__domain__contacts__Channel"];
export type ContactState = Schemas["ContactState"];
export type CallState = Schemas["CallState"];

/** A cue that triage found. `start` and `end` count Unicode code points of the raw text. */
export type Evidence = Schemas["EvidenceView"];
export type Reason = Schemas["ReasonView"];

/** One encounter: a call, a chat, a text thread, a visit, a school's report. */
export type Contact = Schemas["ContactView"];

/** The waiting, worst first, then longest. (The server decides who is offered; this is only how the list reads.) */
export function queueOf(contacts: Table<Contact>): Contact[] {
  return Object.values(contacts)
    .filter((contact) => contact.state === "waiting")
    .sort((a, b) => rank(b.level) - rank(a.level) || since(a).localeCompare(since(b)));
}

/** The contacts of one counselor that are not closed, in the order in which they were opened: Alt-1 stays Alt-1. */
export function mine(contacts: Table<Contact>, staffId: string): Contact[] {
  return Object.values(contacts)
    .filter((contact) => contact.counselor?.id === staffId && (contact.state === "active" || contact.state === "wrap_up"))
    .sort((a, b) => (a.answered_at ?? a.opened_at).localeCompare(b.answered_at ?? b.opened_at));
}

const since = (contact: Contact): string => contact.waiting_since ?? contact.opened_at;
