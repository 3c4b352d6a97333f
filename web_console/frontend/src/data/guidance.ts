import { http } from "../wire/http";
import type { Schemas } from "../wire/schema";

/** What the policy table asks for in one contact: who is to be told, what is to be done. */
export type Guidance = Schemas["GuidanceView"];

export const fetchGuidance = (contactId: string) => http.get<Guidance>(`/api/contacts/${contactId}/guidance`);

const DAY = 86_400;

/** The days after closing on which the person is called. */
export const followUpDays = (guidance: Guidance) => guidance.tier.follow_up_seconds.map((seconds) => Math.round((seconds / DAY) * 10) / 10);
