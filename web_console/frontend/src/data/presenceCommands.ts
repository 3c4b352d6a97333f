import { http } from "../wire/http";
import type { Presence } from "./presences";
import { learn } from "./store";

interface Wanted {
  state: "available" | "on_break" | "offline";
  reason?: string | null;
  minutes?: number;
}

export const setPresence = async (wanted: Wanted): Promise<Presence> => learn("presence", await http.put<Presence>("/api/presence", wanted));
