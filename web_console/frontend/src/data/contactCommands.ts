import { http } from "../wire/http";
import type { Contact } from "./contacts";
import type { Level } from "./levels";
import { type Message, withMessages } from "./messages";
import type { Offer } from "./offers";
import type { SafetyPlan } from "./safetyPlans";
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

export type TransferTo = { to_staff_id: string } | { to: "queue" };
export const transferContact = (id: string, to: TransferTo, reason: string) => command(id, "transfer", { ...to, reason });

export interface Closing {
  disposition: string;
  note: string;
  level_confirmed: Level;
  followup: { due_at: string; consent: true; note?: string } | null;
  referral: ReferralRequest | null;
  safety_plan: SafetyPlan | null;
}

export interface ReferralRequest {
  channel: "self" | "medical" | "other";
  person: { name: string; phone: string };
  needs: string[];
  district: string;
  /** Nothing is passed on that the consent does not cover. */
  consent: { given: true; by: "person" | "guardian"; how: ConsentWay; at: string; scope: ConsentScope[]; receivers: string[] };
  note?: string;
  risk_note?: string;
}

export type ConsentWay = "spoken" | "in_chat" | "in_person" | "in_writing";
export type ConsentScope = "identity" | "needs" | "summary" | "health" | "risk";

export const closeContact = (id: string, closing: Closing) => command(id, "close", closing);

export const unmaskNumber = (id: string): Promise<{ number: string }> => http.post(`/api/contacts/${id}/unmask`);

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

export interface PastAssessment {
  at: string;
  level: Level;
  score: number | null;
  source: string;
  seq: number | null;
  kinds: string[];
  by: { id: string; name: string } | null;
  reason: string | null;
}

export const fetchAssessments = (id: string) => http.get<Page<PastAssessment>>(`/api/contacts/${id}/assessments`);
export const fetchNotes = (id: string) => http.get<Page<{ at: string; by: { id: string; name: string } | null; text: string }>>(`/api/contacts/${id}/notes`);

export interface Coded {
  code: string;
  zh: string;
  en: string;
}
export const fetchDispositions = () => http.get<Page<Coded>>("/api/dispositions");
export const fetchCanned = () => http.get<Page<Coded>>("/api/canned");
export const fetchInstitutions = () => http.get<Page<{ id: string; name: string; district: string | null }>>("/api/rehabilitation/institutions");
export const fetchDistricts = () => http.get<Page<Coded>>("/api/rehabilitation/districts");
export const fetchNeeds = () => http.get<Page<Coded>>("/api/rehabilitation/needs");
