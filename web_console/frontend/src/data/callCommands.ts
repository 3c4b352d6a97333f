import { http } from "../wire/http";
import type { OutsideKind, Party, SupervisionMode, TransferWish } from "./calls";
import type { Contact } from "./contacts";
import { learn } from "./store";

const path = (id: string, what: string): string => `/api/contacts/${id}/call/${what}`;
const command = async (id: string, what: string, body: unknown = {}): Promise<Contact> => learn("contact", await http.post<Contact>(path(id, what), body));

/** The caller hears music, or the counselor again. */
export const holdCaller = (id: string, on: boolean) => command(id, "hold", { on });

/** Rings an outside number into the room; the room itself comes with the contact's next frame. */
export const addParty = (id: string, kind: OutsideKind, number: string) => http.post<Party>(path(id, "parties"), { kind, number });
export const removeParty = async (id: string, partyId: string): Promise<Contact> => learn("contact", await http.delete<Contact>(path(id, `parties/${partyId}`)));
export const holdParty = (id: string, partyId: string, on: boolean) => command(id, `parties/${partyId}/hold`, { on });

export const transferCall = (id: string, wish: TransferWish) => command(id, "transfer", wish);
export const completeTransfer = (id: string) => command(id, "transfer/complete");
export const cancelTransfer = (id: string) => command(id, "transfer/cancel");

export const supervise = (id: string, mode: SupervisionMode | "stop") => command(id, "supervision", { mode });
export const hangUp = (id: string) => command(id, "hang-up");
