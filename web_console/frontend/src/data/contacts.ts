import type { Level } from "./levels";
import { rank } from "./levels";
import type { Named } from "./people";
import type { Table } from "./table";

export type Channel = "chat" | "call" | "sms" | "school" | "walk_in";
export type ContactState = "waiting" | "active" | "wrap_up" | "closed";

/** A cue that triage found. `start` and `end` count Unicode code points of the raw text. */
export interface Evidence {
  start: number;
  end: number;
  cue: string;
  frame: string | null;
  why_zh: string;
  why_en: string;
}

export interface Reason extends Evidence {
  message_id: string | null;
  seq: number | null;
}

/** One encounter: a call, a chat, a text thread, a visit, a school's report. */
export interface Contact {
  id: string;
  channel: Channel;
  state: ContactState;
  language: "zh" | "en";
  nickname: string | null;
  topic: string | null;
  age_band: string | null;
  number_masked: string | null;
  district: string | null;
  person_id?: string | null;
  level: Level;
  peak_level: Level;
  level_source: "triage" | "override" | "instrument" | "report" | "none";
  act_in_progress: boolean;
  kinds: string[];
  tags: string[];
  reasons: Reason[];
  override: { level: Level; reason: string; by: Named; at: string } | null;
  instrument_floor: Level | null;
  opened_at: string;
  waiting_since: string | null;
  answered_at: string | null;
  ended_at: string | null;
  closed_at: string | null;
  counselor: Named | null;
  joined: Named[];
  offered_to: Named | null;
  /** What happens next, and when, and by whom. */
  next: { what: string; at: string | null; who: Named | null } | null;
  last_seq: number;
  read_by_person_seq: number;
  read_by_staff_seq: number;
  person_connected: boolean;
  interrupted_since: string | null;
  help_requested_at: string | null;
  ended_by: "person" | "counselor" | "silence" | "carrier" | "supervisor" | null;
  end_reason: "completed" | "abandoned" | "left" | "silent" | "no_answer" | null;
  disposition: string | null;
  alert_id: string | null;
  call: { state: CallState; transcript: "live" | "off" | "failed" } | null;
  school_report_id: string | null;
  version: number;
}

export type CallState = "greeting" | "queued" | "ringing" | "bridged" | "ended";

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
