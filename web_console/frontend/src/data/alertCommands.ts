import { http } from "../wire/http";
import type { Schemas } from "../wire/schema";
import { newId } from "../wire/ids";
import type { Alert } from "./alerts";
import { learn } from "./store";

/** What whoever goes needs to know. */
export type AlertFacts = Omit<Schemas["RaiseAlert"], "contact_id">;

/** Raise an alert; where the contact has an open one, that one is updated. `key` makes a repeated attempt the same one. */
export const raiseAlert = async (contactId: string, facts: AlertFacts, key = newId()): Promise<Alert> =>
  learn("alert", await http.post<Alert>("/api/alerts", { contact_id: contactId, ...facts }, { idempotencyKey: key }));

export type AlertMove =
  | "confirm"
  | "dismiss"
  | "acknowledge"
  | "assign"
  | "hand_over_to_police"
  | "en_route"
  | "on_scene"
  | "handed_over"
  | "confirm_contact"
  | "close"
  | "cancel"
  | "update"
  | "decline";

/** One step of an alert, from the version that this person saw: if somebody was faster the server says `stale_version`. */
export const moveAlert = async (alert: Alert, move: AlertMove, facts: Record<string, unknown> = {}): Promise<Alert> =>
  learn("alert", await http.post<Alert>(`/api/alerts/${alert.id}/${move}`, { version: alert.version, ...facts }));
