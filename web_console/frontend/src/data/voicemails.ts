import { http, sound } from "../wire/http";
import type { Schemas } from "../wire/schema";
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

/** Noted first, then fetched; kept in this page only, and given back by `URL.revokeObjectURL`. */
export async function hearVoicemail(voicemail: Voicemail): Promise<string> {
  learn("voicemail", await http.post<Voicemail>(`/api/voicemails/${voicemail.id}/listen`));
  return URL.createObjectURL(await sound(`/voicemails/${voicemail.id}/sound`));
}
