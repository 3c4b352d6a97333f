import { http } from "../wire/http";
import type { Schemas } from "../wire/schema";
import type { Contact } from "./contacts";
import type { Level } from "./levels";
import { type Message, withMessages } from "./messages";
import type { Offer } from "./offers";
import { learn, store } from "./store";

const command = async (id: string, what: string, body: unknown = {}): Promise<Contact> =>
  learn("contact", await http.post<Contact>(`/api/contacts/${id}/${what}`, body));

export const acceptOffer = async (offer: Offer): Promise<Contact> => {
  const contact = learn("contact", await http.post<Contact>(`/api/offers/${offer.id}/accept`));
  learn("offer", { ...offer, state: "accepted" });
  return contact;
};
export const declineOffer = async (offer: Offer): Promise<Offer> => learn("offer", await http.post<Offer>(`/api/offers/${offer.id}/decline`));

export const takeContact = (id: string) => command(id, "take");
export const overrideLevel = (id: string, level: Level, reason: string) => command(id, "override", { level, reason });
export const askForHelp = (id: string, note: string) => command(id, "help", note ? { note } : {});
export const joinContact = (id: string) => command(id, "join");
export const leaveContact = (id: string) => command(id, "leave");
export const endContact = (id: string) => command(id, "end");

/** To the queue with other wishes than before, if they are given. */
export type TransferTo = { to_staff_id: string; override?: string } | { to: "queue"; skills?: string[]; wished_counselor_id?: string | null };
export const transferContact = (id: string, to: TransferTo, reason: string) => command(id, "transfer", { ...to, reason });

export type Closing = Schemas["web_console__api__closing__Close"];
export type ConfirmedLevel = Closing["level_confirmed"];
export type ConsentWay = "spoken" | "in_chat" | "in_person" | "in_writing";
export type ConsentScope = Schemas["ConsentScope"];
export type ReferralRequest = Pick<Schemas["Filing"], "channel" | "person" | "needs" | "district" | "consent" | "note" | "risk_note">;

export const closeContact = (id: string, closing: Closing) => command(id, "close", closing);

export const unmaskNumber = (id: string, reason: string): Promise<Schemas["web_console__api__people__NumberView"]> => http.post(`/api/contacts/${id}/unmask`, { reason });

interface Page<T> {
  items: T[];
  next: string | null;
}

/** How many messages come with one page. */
const PAGE = 100;

/** The newest page, or the one before `beforeSeq`; taken into the store. True when there are older ones. */
export async function loadMessages(id: string, beforeSeq?: number): Promise<boolean> {
  const before = beforeSeq === undefined ? "" : `&before_seq=${beforeSeq}`;
  const page = await http.get<Page<Message>>(`/api/contacts/${id}/messages?limit=${PAGE}${before}`);
  store.setState((known) => ({ messages: withMessages(known.messages, page.items) }));
  return page.next !== null;
}

export async function loadContact(id: string): Promise<Contact> {
  return learn("contact", await http.get<Contact>(`/api/contacts/${id}`));
}

export type PastAssessment = Schemas["LevelStepView"];

export const fetchAssessments = (id: string) => http.get<Page<PastAssessment>>(`/api/contacts/${id}/assessments`);
export const fetchNotes = (id: string) => http.get<Page<Schemas["NoteView"]>>(`/api/contacts/${id}/notes`);

export type Coded = Schemas["Coded"];
export const fetchDispositions = () => http.get<Page<Coded>>("/api/dispositions");
export const fetchCanned = () => http.get<Page<Coded>>("/api/canned");
export const fetchInstitutions = () => http.get<Page<Schemas["InstitutionView"]>>("/api/rehabilitation/institutions");
export const fetchDistricts = () => http.get<Page<Coded>>("/api/rehabilitation/districts");
export const fetchNeeds = () => http.get<Page<Coded>>("/api/rehabilitation/needs");
