import type { Schemas } from "../wire/schema";

export type ReferralStage = Schemas["Stage"];

/** Handing somebody over into community rehabilitation, with their consent. `due_on` is a date (working days are the server's
 * business); only the limits of the Measures may be shown as laid down by them (`due_basis`); `owner`: whose turn it is. */
export type Referral = Schemas["ReferralView"];
