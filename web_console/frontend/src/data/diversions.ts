import { http } from "../wire/http";
import type { Schemas } from "../wire/schema";
import type { Channel, Contact } from "./contacts";
import type { Presence } from "./presences";
import { learn } from "./store";
import type { Table } from "./table";

/** A queue that a supervisor diverts for a while. Null in channel, language or skill: all of them. */
export type Diversion = Schemas["DiversionView"];
export type DivertTo = Schemas["DivertTo"];
export type Divert = Schemas["Divert"];

export const divert = async (wish: Divert, key: string): Promise<Diversion> => learn("diversion", await http.post<Diversion>("/api/diversions", wish, { idempotencyKey: key }));
export const endDiversion = async (id: string): Promise<Diversion> => learn("diversion", await http.post<Diversion>(`/api/diversions/${id}/end`));

/** Those in force, the one that ends first at the top. */
export const inForce = (diversions: Table<Diversion>, now: number): Diversion[] =>
  Object.values(diversions)
    .filter((one) => one.ended_at === null && Date.parse(one.until) > now)
    .sort((a, b) => a.until.localeCompare(b.until));

/** What can be diverted: the server knows more, and refuses with words. */
export const CAN_GO: Record<DivertTo, readonly (Channel | null)[]> = {
  skills: [null, "call", "chat", "sms"],
  callback: ["call"],
  partner: [null, "call", "chat", "sms"],
  pause: ["chat"],
};

export interface QueueLine {
  channel: Channel;
  language: string;
  /** Null: no skill is wished for. */
  skill: string | null;
  waiting: number;
  longestSince: string | null;
  /** How many available people have the skill (or, without one, speak the language). */
  able: number;
}

const ROUTED: readonly Channel[] = ["call", "chat", "sms"];

/** Who waits, by channel, language and skill, with who could take them; the longest wait first. */
export function queueLines(contacts: Table<Contact>, presences: Table<Presence>): QueueLine[] {
  const lines = new Map<string, QueueLine>();
  const people = Object.values(presences).filter((one) => one.state === "available" && one.connected);
  for (const contact of Object.values(contacts)) {
    if (contact.state !== "waiting" || !ROUTED.includes(contact.channel)) continue;
    for (const skill of contact.skills.length > 0 ? contact.skills : [null]) {
      const name = `${contact.channel} ${contact.language} ${skill}`;
      const able = people.filter((one) => (one.skills[`language:${contact.language}`] ?? 0) > 0 && (skill === null || (one.skills[skill] ?? 0) > 0)).length;
      const line = lines.get(name) ?? { channel: contact.channel, language: contact.language, skill, waiting: 0, longestSince: null, able };
      const since = contact.waiting_since ?? contact.opened_at;
      lines.set(name, { ...line, waiting: line.waiting + 1, longestSince: line.longestSince === null || since < line.longestSince ? since : line.longestSince });
    }
  }
  return [...lines.values()].sort((a, b) => (a.longestSince ?? "").localeCompare(b.longestSince ?? ""));
}
