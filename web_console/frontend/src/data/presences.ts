import type { Schemas } from "../wire/schema";

export type PresenceState = Schemas["PresenceState"];

/** One per person of the staff, however many tabs they have open; its id is theirs. */
export type Presence = Schemas["PresenceView"];
