/** The counselor's own telephone: how it is rung, and how the browser's line to the carrier stands. */
import { create } from "zustand";
import { http } from "../wire/http";
import type { Schemas } from "../wire/schema";
import type { Contact } from "./contacts";
import type { Table } from "./table";

export type Phone = Schemas["PhoneView"];
export type PhoneChoice = Schemas["ChoosePhone"];

/**
 * The browser's registration at the carrier.
 *
 * | off         | nothing to register: another kind of telephone, or signed out |
 * | connecting  | the first time                                                |
 * | ready       | it can be rung                                                |
 * | lost        | it was ready; it is tried again by itself                     |
 * | unsupported | this browser has no such calls                                |
 */
export type Registration = "off" | "connecting" | "ready" | "lost" | "unsupported";

/** The call on the browser's telephone. `ringing`: nobody took it yet, since it is not one's own contact's. */
export type Talk = "none" | "ringing" | "connecting" | "open" | "reconnecting";

/** `rtt` in milliseconds, `mos` from 1 to 4.5; both null until measured. `warnings` as the carrier's telephone names them. */
export interface Quality {
  rtt: number | null;
  mos: number | null;
  warnings: readonly string[];
}

export interface PhoneState {
  own: Phone | null;
  registration: Registration;
  talk: Talk;
  muted: boolean;
  /** The browser may not use the microphone. */
  microphoneRefused: boolean;
  quality: Quality;
}

export const UNMEASURED: Quality = { rtt: null, mos: null, warnings: [] };
export const NO_PHONE: PhoneState = { own: null, registration: "off", talk: "none", muted: false, microphoneRefused: false, quality: UNMEASURED };

export const usePhone = create<PhoneState>(() => NO_PHONE);

export const fetchPhone = (): Promise<Phone> => http.get<Phone>("/api/phone");
export const choosePhone = (choice: PhoneChoice): Promise<Phone> => http.put<Phone>("/api/phone", choice);

export type Verdict = "unknown" | "good" | "fair" | "poor";

/** Where speech begins to suffer: the thresholds of the carrier's own warnings, and of a good conversation. */
const POOR = { mos: 3.5, rtt: 400 };
const FAIR = { mos: 4, rtt: 250 };
/** These say that one's own microphone or loudspeaker gives nothing: not the network's doing. */
const SILENT_MICROPHONE = "constant-audio-input-level";
const OF_THE_DEVICE = [SILENT_MICROPHONE, "constant-audio-output-level"];

export function verdict({ mos, rtt, warnings }: Quality): Verdict {
  if (warnings.some((warning) => !OF_THE_DEVICE.includes(warning))) return "poor";
  if (mos === null && rtt === null) return "unknown";
  const beyond = (limit: typeof POOR) => (mos !== null && mos < limit.mos) || (rtt !== null && rtt > limit.rtt);
  return beyond(POOR) ? "poor" : beyond(FAIR) ? "fair" : "good";
}

export const isMicrophoneSilent = (quality: Quality): boolean => quality.warnings.includes(SILENT_MICROPHONE);

/** Whether a ring can be answered without asking: for a call that this person holds, or listens to at their own wish. */
export function expectsRing(contacts: Table<Contact>, staffId: string): boolean {
  return Object.values(contacts).some(
    (contact) =>
      contact.channel === "call" &&
      contact.state === "active" &&
      (contact.counselor?.id === staffId || (contact.call?.supervision.some((one) => one.staff_id === staffId) ?? false)),
  );
}

/** Whether this page is rung at all, alone or beside a number. */
export const ringsHere = (own: Phone | null): boolean => own?.kind === "browser" || own?.kind === "both";

/** Can calls be taken now? A counselor who cannot be rung must know before somebody waits for them. */
export function canBeRung({ own, registration }: PhoneState): boolean {
  if (!own) return false;
  return own.kind === "browser" ? registration === "ready" : own.kind !== "none";
}
