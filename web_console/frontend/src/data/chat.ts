/** The help-seeker's side of one chat: what the server tells them (never a name, a level or a reason). */
import { http } from "../wire/http";
import type { Schemas } from "../wire/schema";
import type { Frame } from "../wire/socket";
import { insertBySeq } from "./messages";

export type PublicNumber = Schemas["web_console__api__public__NumberView"];
export type PublicInfo = Schemas["PublicView"];
export type AgeBand = NonNullable<Schemas["OpenChat"]["age_band"]>;
export const MINORS: readonly AgeBand[] = ["under14", "14to17"];

/** What the page shows while the server cannot be reached: the national numbers, so that nobody stands before nothing. */
export const NUMBERS_WITHOUT_SERVER: readonly PublicNumber[] = [
  { number: "110", label_zh: "报警", label_en: "Police" },
  { number: "120", label_zh: "急救", label_en: "Ambulance" },
  { number: "12356", label_zh: "心理援助热线", label_en: "Support line" },
];

export type ChatContact = Schemas["PersonContactView"];
export type ChatMessage = Schemas["PersonMessageWire"];

export interface Chat {
  contact: ChatContact | null;
  messages: readonly ChatMessage[];
  /** When the counselor was last seen typing (ms since epoch). */
  typingAt: number;
}

export const fetchPublic = () => http.get<PublicInfo>("/api/public");

export const NO_CHAT: Chat = { contact: null, messages: [], typingAt: 0 };

export function applyChat(chat: Chat, frame: Frame, now: number): Chat {
  switch (frame.type) {
    case "welcome":
      return ((frame["messages"] as ChatMessage[] | undefined) ?? []).reduce(withMessage, withContact(chat, frame["contact"] as ChatContact));
    case "contact.state":
      return withContact(chat, frame["contact"] as ChatContact);
    case "message":
      return withMessage(chat, frame["message"] as ChatMessage);
    case "message.read":
      return withRead(chat, frame["up_to_seq"] as number);
    case "typing":
      return { ...chat, typingAt: now };
    default:
      return chat;
  }
}

/** What one has read stays read, whichever frame overtakes which. */
function withContact(chat: Chat, contact: ChatContact): Chat {
  const read = Math.max(chat.contact?.read_up_to_seq ?? 0, contact.read_up_to_seq);
  return { ...chat, contact: { ...contact, read_up_to_seq: read } };
}

function withRead(chat: Chat, upToSeq: number): Chat {
  return chat.contact ? withContact(chat, { ...chat.contact, read_up_to_seq: upToSeq }) : chat;
}

function withMessage(chat: Chat, message: ChatMessage): Chat {
  const typingAt = message.from === "counselor" ? 0 : chat.typingAt;
  return { ...chat, typingAt, messages: insertBySeq(chat.messages, message) };
}

/** Where to resume: the last message before the first gap. An acknowledgement may overtake a counselor's earlier message, and
 * asking again for what we have costs nothing. */
export function resumeAfter(messages: readonly ChatMessage[]): string | null {
  let last: number | null = null;
  for (const { seq } of messages) {
    if (last !== null && seq !== last + 1) break;
    last = seq;
  }
  return last === null ? null : String(last);
}

/** The last message that somebody else wrote: what "read" reports. */
export const lastHeard = (messages: readonly ChatMessage[]): number => messages.findLast((message) => message.from !== "you")?.seq ?? 0;
