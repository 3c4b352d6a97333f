import type { Schemas } from "../wire/schema";
import type { Table } from "./table";

export type Offer = Schemas["OfferView"];

/** The offers that wait for this person's answer, the one that runs out first on top. */
export function openOffers(offers: Table<Offer>, staffId: string): Offer[] {
  return Object.values(offers)
    .filter((offer) => offer.state === "open" && offer.staff_id === staffId)
    .sort((a, b) => a.expires_at.localeCompare(b.expires_at));
}
