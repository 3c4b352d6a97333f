import { http } from "../wire/http";
import type { Schemas } from "../wire/schema";
import type { Presence } from "./presences";
import { learn } from "./store";

type Wanted = Schemas["SetPresence"];

export const setPresence = async (wanted: Wanted): Promise<Presence> => learn("presence", await http.put<Presence>("/api/presence", wanted));
