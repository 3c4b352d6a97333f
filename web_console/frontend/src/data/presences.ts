import type { Role } from "./people";

export type PresenceState = "available" | "on_break" | "not_ready" | "offline";

/** One per person of the staff, however many tabs they have open; its id is theirs. */
export interface Presence {
  id: string;
  name: string;
  roles: Role[];
  state: PresenceState;
  reason: string | null;
  since: string;
  until: string | null;
  chats: number;
  calls: number;
  chat_capacity: number;
  call_capacity: number;
  connected: boolean;
  languages: string[];
  version?: number;
}
