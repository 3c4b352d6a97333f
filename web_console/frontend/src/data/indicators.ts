import { http } from "../wire/http";
import type { Schemas } from "../wire/schema";
import { type Contact, queueOf } from "./contacts";
import { type Level, LEVELS } from "./levels";
import type { Presence, PresenceState } from "./presences";
import type { Table } from "./table";

/** Today's figures, each with its definition in words. */
export type Today = Schemas["IndicatorsView"];

export const fetchToday = () => http.get<Today>("/api/indicators/today");

export interface Waiting {
  level: Level;
  count: number;
  /** Since when the one who waits longest has waited. */
  longest: string | null;
}

/** Who waits, by level from the worst; every level is there, also with nobody in it. */
export function waitingByLevel(contacts: Table<Contact>): Waiting[] {
  const rows = new Map<Level, Waiting>(LEVELS.map((level) => [level, { level, count: 0, longest: null }]));
  for (const contact of Object.values(contacts)) {
    if (contact.state !== "waiting") continue;
    const row = rows.get(contact.level)!;
    const since = contact.waiting_since ?? contact.opened_at;
    row.count += 1;
    if (row.longest === null || Date.parse(since) < Date.parse(row.longest)) row.longest = since;
  }
  return [...rows.values()];
}

const PEOPLE_STATES = ["busy", "available", "on_break", "not_ready", "offline"] as const;
export type PeopleState = (typeof PEOPLE_STATES)[number];

export const stateOf = (presence: Presence): PeopleState =>
  presence.state !== "offline" && presence.chats + presence.calls > 0 ? "busy" : (presence.state as Exclude<PresenceState, "busy">);

/** The people who take contacts, by what they do now. */
export function peopleByState(presences: Table<Presence>): { state: PeopleState; people: Presence[] }[] {
  const serving = Object.values(presences).filter((presence) => presence.roles.includes("counselor"));
  return PEOPLE_STATES.map((state) => ({
    state,
    people: serving.filter((presence) => stateOf(presence) === state).sort((a, b) => a.name.localeCompare(b.name)),
  }));
}

/** Counselors who asked for help and have not got it: nobody has joined since. The longest wait first. */
export function helpRequests(contacts: Table<Contact>): Contact[] {
  return Object.values(contacts)
    .filter((contact) => contact.help_requested_at !== null && contact.joined.length === 0 && contact.state !== "closed" && contact.state !== "waiting")
    .sort((a, b) => Date.parse(a.help_requested_at!) - Date.parse(b.help_requested_at!));
}

/** Who has waited so long that somebody was told of it `rungs` times or more, in the order of the queue: danger before patience. */
export function longWaits(contacts: Table<Contact>, rungs: number): Contact[] {
  return queueOf(contacts).filter((contact) => contact.wait_rung >= rungs);
}

/** Conversations that go on, or are being written up: the worst level first, then the one open longest. */
export function runningContacts(contacts: Table<Contact>): Contact[] {
  return Object.values(contacts)
    .filter((contact) => contact.state !== "closed")
    .sort((a, b) => LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level) || Date.parse(a.opened_at) - Date.parse(b.opened_at));
}
