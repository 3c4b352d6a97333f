import { http } from "../wire/http";
import type { Schemas } from "../wire/schema";
import type { Contact } from "./contacts";
import { type Message, withMessage } from "./messages";
import { learn, store } from "./store";

export type Delivery = Schemas["Delivery"];

/** The carrier's error numbers that have words of their own. */
export const EXPLAINED = [21610, 21211, 21408, 21612, 21614, 30003, 30004, 30005, 30006, 30007, 30008, 63016] as const;
export type Explained = (typeof EXPLAINED)[number];

/** Nothing changes by sending the same again: the person opted out, or the number takes no texts. */
const USELESS: ReadonlySet<number> = new Set([21610, 21211, 21408, 21612, 21614, 30004, 30005, 30006, 63016]);
const FILTERED = 30007;

export const isLost = (delivery: Delivery | null): boolean => delivery === "failed" || delivery === "undelivered";

/** What can be done about a text that did not arrive. */
export function whatToDo(code: number | null): "do_call" | "do_words" | "do_later" {
  if (code !== null && USELESS.has(code)) return "do_call";
  return code === FILTERED ? "do_words" : "do_later";
}

export const explained = (code: number | null): Explained | null => EXPLAINED.find((known) => known === code) ?? null;

export async function resendText(message: Message): Promise<Message> {
  const again = await http.post<Message>(`/api/contacts/${message.contact_id}/messages/${message.id}/resend`);
  store.setState((known) => ({ messages: withMessage(known.messages, again) }));
  return again;
}

export const stopTexts = async (id: string): Promise<Contact> => learn("contact", await http.post<Contact>(`/api/contacts/${id}/texts/stop`));
