import type { Evidence } from "./contacts";
import type { Level } from "./levels";
import type { Named } from "./people";

export type Sender =
  | "help_seeker"
  | "counselor"
  | "supervisor"
  | "automatic"
  | "transcript_help_seeker"
  | "transcript_counselor";

export interface Message {
  id: string;
  contact_id: string;
  seq: number;
  from: Sender;
  /** Which of the service's own sentences an automatic message is. */
  code?: string | null;
  staff: Named | null;
  client_id: string | null;
  text: string;
  at: string;
  level: Level | null;
  kinds: string[];
  act_in_progress: boolean;
  evidence: Evidence[];
}

/** Messages of each contact, by seq without gaps of order. A message may come twice (frame, page, resume) and later with
 * its assessment; the last word about it wins. */
export type Transcripts = Readonly<Record<string, readonly Message[]>>;

export function withMessage(transcripts: Transcripts, message: Message): Transcripts {
  const held = transcripts[message.contact_id] ?? [];
  return { ...transcripts, [message.contact_id]: insertBySeq(held, message) };
}

export function withMessages(transcripts: Transcripts, messages: readonly Message[]): Transcripts {
  return messages.reduce(withMessage, transcripts);
}

/** Most messages are the newest: look from the end. */
export function insertBySeq<T extends { seq: number }>(held: readonly T[], message: T): readonly T[] {
  let at = held.length;
  while (at > 0 && held[at - 1]!.seq > message.seq) at -= 1;
  const before = held[at - 1];
  if (before?.seq === message.seq) return [...held.slice(0, at - 1), message, ...held.slice(at)];
  return [...held.slice(0, at), message, ...held.slice(at)];
}
