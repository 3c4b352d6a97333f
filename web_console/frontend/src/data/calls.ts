/** A call's room: who is in it, who hears whom, and where the caller stands. */
import type { Schemas } from "../wire/schema";
import type { Contact } from "./contacts";

export type Call = Schemas["CallView"];
export type Party = Schemas["PartyView"];
export type Listener = Schemas["SupervisionView"];
export type SupervisionMode = Schemas["Supervision"];
export type OutsideKind = Schemas["AddParty"]["kind"];
export type TransferWish = Schemas["BeginTransfer"];

export const OUTSIDE_KINDS = ["interpreter", "guardian", "emergency_desk", "partner", "other"] as const satisfies readonly OutsideKind[];

/** Where the caller is, as one word: the line's state, or why they hear music. */
export type Standing = Exclude<Schemas["CallState"], "bridged"> | "bridged" | `hold_${Schemas["HoldWhy"]}`;

export function standing(call: Call): Standing {
  if (call.state === "bridged" && call.on_hold) return `hold_${call.hold_why ?? "hold"}`;
  return call.state;
}

const LIVE: readonly Party["state"][] = ["owed", "ringing", "answered", "bridged"];

/** Outside parties and consulted colleagues who are in the room or rung; the counselor's own leg is not one of them. */
export const others = (call: Call): Party[] => call.parties.filter((party) => party.kind !== "counselor" && LIVE.includes(party.state));

/** Whose voice can be heard now. */
export const isThere = (party: Pick<Party, "state">): boolean => party.state === "bridged" || party.state === "answered";

/** What the counselor can do to the caller now. On hold for a consultation the transfer's own buttons bring them back. */
export function canHold(contact: Contact): boolean {
  const call = contact.call;
  return call?.state === "bridged" && (!call.on_hold || call.hold_why === "hold") && !isConsulting(call);
}

export const isConsulting = (call: Call): boolean => call.transfer?.mode === "warm" && call.transfer.state !== "failed";
export const canAct = (contact: Contact): boolean => contact.state === "active" && contact.call?.state === "bridged";
export const canTransfer = (contact: Contact): boolean => canAct(contact) && (contact.call?.transfer === null || contact.call?.transfer.state === "failed");

/** Whom the transfer is to: a party of the room, while it is there. */
export const target = (call: Call): Party | undefined => call.parties.find((party) => party.id === call.transfer?.party_id);

export const listening = (call: Call, staffId: string): Listener | undefined => call.supervision.find((one) => one.staff_id === staffId && one.state !== "ended");
