import { http } from "../wire/http";
import type { Schemas } from "../wire/schema";
import { serverNow } from "../wire/serverClock";

/** What is known of the person of a contact before the first word. */
export type Background = Schemas["BackgroundView"];
export type Flag = Schemas["FlagView"];
export type FlagCode = Schemas["FlagCode"];

/** The longest that the server lets a flag stand, in days. */
export const STANDS_AT_MOST: Readonly<Record<FlagCode, number>> = {
  violence_risk: 180,
  no_voicemail: 365,
  interpreter: 730,
  unsafe_to_text: 365,
  guardian_agreed: 365,
  other: 180,
};

export const fetchBackground = (contactId: string) => http.get<Background>(`/api/contacts/${contactId}/background`);
export const savePlan = (personId: string, text: string) => http.put(`/api/people/${personId}/plan`, { text });
export const withdrawPlan = (personId: string) => http.delete(`/api/people/${personId}/plan`);
export const liftFlag = (personId: string, flagId: string) => http.delete(`/api/people/${personId}/flags/${flagId}`);

const DAY_MS = 86_400_000;

/** A few minutes short of the whole span: the server's clock may be behind. */
const MARGIN_MS = 300_000;

export const addFlag = (personId: string, code: FlagCode, note: string, days: number, now = serverNow()) =>
  http.post<Flag>(`/api/people/${personId}/flags`, {
    code,
    note: note || null,
    expires_at: new Date(now + days * DAY_MS - MARGIN_MS).toISOString(),
  });

/** Whether there is anything to say of them before the first word. */
export const isKnown = (found: Background): boolean => found.count > 0 || found.flags.length > 0 || found.plan !== null;
