/** Recordings of calls: what was agreed, what there is, and listening to it with a reason. */
import { http } from "../wire/http";
import type { Schemas } from "../wire/schema";
import type { Contact } from "./contacts";
import { learn } from "./store";

export type ContactRecordings = Schemas["ContactRecordings"];
export type Recording = Schemas["RecordingView"];
export type Listened = Schemas["ListenedView"];
export type LegalHold = Schemas["LegalHoldView"];
export type SoundTrouble = Schemas["SoundTroubleView"];
export type Listening = Schemas["ListeningView"];

/** What the carrier has confirmed ("recording", "paused"), what is only asked for, and what went wrong. */
const STATES = ["starting", "recording", "pausing", "paused", "resuming", "stopping", "failed", "not_paused", "not_running"] as const;
export type RecordingState = (typeof STATES)[number];

export function stateOf(contact: Contact): RecordingState | null {
  const state = contact.recording?.state ?? null;
  return STATES.find((known) => known === state) ?? null;
}

const GOES_ON: readonly RecordingState[] = ["starting", "recording", "pausing", "resuming", "not_paused"];
const RESTS: readonly RecordingState[] = ["paused", "not_running"];

export const canPause = (state: RecordingState | null): boolean => state !== null && GOES_ON.includes(state) && state !== "pausing";
export const canResume = (state: RecordingState | null): boolean => state !== null && (RESTS.includes(state) || state === "pausing");

const command = async (id: string, what: string, body: unknown): Promise<Contact> => learn("contact", await http.post<Contact>(`/api/contacts/${id}/${what}`, body));

export const pauseRecording = (id: string, paused: boolean) => command(id, "recording", { paused });
export const answerConsent = (id: string, agreed: boolean) => command(id, "recording/consent", { agreed });

export const fetchRecordings = (contactId: string): Promise<ContactRecordings> => http.get(`/api/contacts/${contactId}/recordings`);
export const listenTo = (id: string, reason: string): Promise<Listening> => http.post(`/api/recordings/${id}/listen`, { reason });

export const placeHold = (contactId: string, reason: string): Promise<LegalHold> => http.post(`/api/contacts/${contactId}/legal-hold`, { reason });
export const liftHold = (contactId: string, reason: string): Promise<LegalHold> => http.post(`/api/contacts/${contactId}/legal-hold/lift`, { reason });
export const standing = (holds: readonly LegalHold[]): LegalHold | undefined => holds.find((each) => each.lifted_at === null);

interface Troubles {
  items: SoundTrouble[];
}
export const fetchTroubles = (): Promise<Troubles> => http.get("/api/sounds/in-trouble");
export const trySoundAgain = (id: string): Promise<Troubles> => http.post(`/api/sounds/${id}/try-again`);
export const giveUpSound = (id: string, reason: string): Promise<Troubles> => http.post(`/api/sounds/${id}/give-up`, { reason });
