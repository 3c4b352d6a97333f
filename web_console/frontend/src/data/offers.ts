import type { Channel } from "./contacts";
import type { Level } from "./levels";
import type { Table } from "./table";

export interface Offer {
  id: string;
  contact_id: string;
  staff_id: string;
  state: "open" | "accepted" | "declined" | "missed" | "withdrawn";
  made_at: string;
  expires_at: string;
  channel: Channel;
  level: Level;
  waiting_since: string;
  why_zh: string | null;
  why_en: string | null;
  version?: number;
}

/** The offers that wait for this person's answer, the one that runs out first on top. */
export function openOffers(offers: Table<Offer>, staffId: string): Offer[] {
  return Object.values(offers)
    .filter((offer) => offer.state === "open" && offer.staff_id === staffId)
    .sort((a, b) => a.expires_at.localeCompare(b.expires_at));
}
