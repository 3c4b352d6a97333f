import type { Schemas } from "../wire/schema";

export type Sender = Schemas["Sender"];
/** `code`: which of the service's own sentences an automatic message is. */
export type Message = Schemas["MessageWire"];

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
