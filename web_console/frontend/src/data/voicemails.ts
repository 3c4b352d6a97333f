import { http } from "../wire/http";
import type { Schemas } from "../wire/schema";
import type { Listening } from "./recordings";
import { learn } from "./store";
import type { Table } from "./table";

/** A message left on the line: somebody's work until it is heard and answered. */
export type Voicemail = Schemas["VoicemailView"];
export type VoicemailOutcome = NonNullable<Voicemail["outcome"]>;

export const OUTCOMES: readonly VoicemailOutcome[] = ["called_back", "call_back_planned", "help_sent", "nothing_needed", "not_understandable"];

/** Still to be heard or answered, the most pressing first. */
export function openVoicemails(voicemails: Table<Voicemail>): Voicemail[] {
  return Object.values(voicemails)
    .filter((each) => each.state === "open" || each.state === "taken")
    .sort((a, b) => a.due_at.localeCompare(b.due_at));
}

export type VoicemailMove = { move: "take" } | { move: "give-back" } | { move: "done"; outcome: VoicemailOutcome; note?: string };

export const moveVoicemail = async (voicemail: Voicemail, { move, ...facts }: VoicemailMove): Promise<Voicemail> =>
  learn("voicemail", await http.post<Voicemail>(`/api/voicemails/${voicemail.id}/${move}`, { version: voicemail.version, ...facts }));

/** Noted with a reason first; then the player may stream it for a while. */
export const listenToVoicemail = (id: string, reason: string): Promise<Listening> => http.post(`/api/voicemails/${id}/listen`, { reason });
