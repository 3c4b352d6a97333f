import { http } from "../wire/http";
import type { Schemas } from "../wire/schema";
import { newId } from "../wire/ids";
import type { Coded } from "./contactCommands";
import type { Referral } from "./referrals";
import { learn } from "./store";

export const moveReferral = async (referral: Referral, move: string, facts: Record<string, unknown> = {}): Promise<Referral> =>
  learn("referral", await http.post<Referral>(`/api/referrals/${referral.id}/${move}`, { version: referral.version, ...facts }));

export const fileReferral = async (application: Record<string, unknown>, key = newId(), contactId?: string): Promise<Referral> =>
  learn("referral", await http.post<Referral>("/api/referrals", contactId ? { ...application, contact_id: contactId } : application, { idempotencyKey: key }));

/** Every page of the board: the snapshot may be bounded. */
export async function loadReferrals(): Promise<number> {
  let next: string | null = null;
  let count = 0;
  do {
    const after: string = next === null ? "" : `?before=${encodeURIComponent(next)}`;
    const page: { items: Referral[]; next: string | null } = await http.get(`/api/referrals${after}`);
    for (const referral of page.items) learn("referral", referral);
    count += page.items.length;
    next = page.next;
  } while (next !== null);
  return count;
}

export const loadReferral = async (id: string): Promise<Referral> => learn("referral", await http.get<Referral>(`/api/referrals/${id}`));

export type Institution = Schemas["InstitutionView"];

export const fetchInstitutions = () => http.get<{ items: Institution[] }>("/api/rehabilitation/institutions");
export const fetchNeeds = () => http.get<{ items: Coded[] }>("/api/rehabilitation/needs");
export const fetchClosureCodes = () => http.get<{ items: Coded[] }>("/api/rehabilitation/closure-codes");

/** The full record of the person: for whoever needs it to act. That it was read is kept in the journal. */
export const fetchPerson = (id: string) => http.get<PersonRecord>(`/api/referrals/${id}/person`);

/** `health`: copied from a hospital's or the health service's record. */
export type PersonRecord = Schemas["PersonRecord"];

export const fetchDistricts = () => http.get<{ items: Coded[] }>("/api/rehabilitation/districts");

/** By the institution itself. */
export const setPlaces = (id: string, total: number, free: number) => http.put<Institution>(`/api/rehabilitation/institutions/${id}/places`, { places_total: total, places_free: free });
