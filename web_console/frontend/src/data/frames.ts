import type { Schemas } from "../wire/schema";
import type { Frame } from "../wire/socket";
import type { Alert } from "./alerts";
import type { Contact } from "./contacts";
import type { Diversion } from "./diversions";
import type { Duty, DutyRing, Handover } from "./duty";
import type { Followup } from "./followups";
import type { Message, Transcripts } from "./messages";
import { withMessage } from "./messages";
import type { Offer } from "./offers";
import type { Presence } from "./presences";
import type { Referral } from "./referrals";
import type { SchoolReport } from "./schoolReports";
import type { Swap } from "./swaps";
import { fromList, type Table, upsert, without } from "./table";
import type { Voicemail } from "./voicemails";

/** Everything the server tells this person about, as it was last told. */
export interface Known {
  cursor: string | null;
  /** False until the first snapshot. */
  ready: boolean;
  /** How many snapshots there were: after each, pages fetched over HTTP are fetched again. */
  generation: number;
  contacts: Table<Contact>;
  messages: Transcripts;
  offers: Table<Offer>;
  presences: Table<Presence>;
  diversions: Table<Diversion>;
  alerts: Table<Alert>;
  followups: Table<Followup>;
  voicemails: Table<Voicemail>;
  duties: Table<Duty>;
  dutyRings: Table<DutyRing>;
  handovers: Table<Handover>;
  shiftSwaps: Table<Swap>;
  referrals: Table<Referral>;
  schoolReports: Table<SchoolReport>;
  settings: Readonly<Record<string, unknown>>;
  /** When the person of a contact was last seen typing (ms since epoch). */
  typingAt: Readonly<Record<string, number>>;
  /** By contact: what is being said on the telephone and is not final yet. */
  partials: Readonly<Record<string, readonly Partially[]>>;
}

/** Words that will be replaced by final ones, and when they were heard (ms since epoch). */
export interface Partially {
  from: Message["from"];
  text: string;
  at: number;
}

export const NOTHING_KNOWN: Known = {
  cursor: null,
  ready: false,
  generation: 0,
  contacts: {},
  messages: {},
  offers: {},
  presences: {},
  diversions: {},
  alerts: {},
  followups: {},
  voicemails: {},
  duties: {},
  dutyRings: {},
  handovers: {},
  shiftSwaps: {},
  referrals: {},
  schoolReports: {},
  settings: {},
  typingAt: {},
  partials: {},
};

/** The nouns that are held by id: the frame's key, and the table it goes to. */
const TABLES = {
  contact: "contacts",
  offer: "offers",
  presence: "presences",
  diversion: "diversions",
  alert: "alerts",
  followup: "followups",
  voicemail: "voicemails",
  duty: "duties",
  duty_ring: "dutyRings",
  handover: "handovers",
  shift_swap: "shiftSwaps",
  referral: "referrals",
  school_report: "schoolReports",
} as const;

export type Noun = keyof typeof TABLES | "message";

interface Snapshot {
  me?: Presence;
  contacts?: Contact[];
  offers?: Offer[];
  presences?: Presence[];
  diversions?: Diversion[];
  alerts?: Alert[];
  followups?: Followup[];
  voicemails?: Voicemail[];
  duties?: Duty[];
  duty_rings?: DutyRing[];
  handovers?: Handover[];
  shift_swaps?: Swap[];
  referrals?: Referral[];
  school_reports?: SchoolReport[];
  settings?: Record<string, unknown>;
}

/** What a word changes of its contact: a part of it, so that a busy conversation does not repeat the whole. */
type Spoken = Schemas["SpokenView"];

function spoken(known: Known, part: Spoken): Known {
  const held = known.contacts[part.id];
  if (held === undefined || held.last_seq > part.last_seq) return known;
  return { ...known, contacts: { ...known.contacts, [part.id]: { ...held, ...part } } };
}

/** What is known after one frame, whatever the frame: unknown ones only move the cursor. */
export function apply(known: Known, frame: Frame, now: number): Known {
  // What many hear at once comes gathered.
  if (frame.type === "several") return (frame["frames"] as Frame[]).reduce((held, each) => apply(held, each, now), known);
  const moved = frame.cursor === undefined ? known : { ...known, cursor: frame.cursor };
  if (frame.type === "welcome") return welcome(moved, frame["snapshot"] as Snapshot | undefined);
  if (frame.type === "typing") return typed(moved, frame["contact_id"] as string, now);
  if (frame.type === "partial") return partly(moved, frame as unknown as PartialFrame, now);
  if (frame.type === "contact.spoken") return spoken(moved, frame["spoken"] as Spoken);
  if (frame.type === "removed") return removed(moved, frame["noun"] as Noun, frame["id"] as string);
  return absorb(moved, frame as Record<string, unknown>);
}

/** Take every projection out of a frame or of a command's answer. */
export function absorb(known: Known, projections: Readonly<Record<string, unknown>>): Known {
  let next = known;
  for (const [noun, table] of Object.entries(TABLES)) {
    const item = projections[noun] as { id: string } | undefined;
    if (item) next = { ...next, [table]: upsert(next[table as keyof Known] as Table<{ id: string }>, item) };
  }
  const message = projections["message"] as Message | undefined;
  return message ? heard(next, message) : next;
}

function heard(known: Known, message: Message): Known {
  const messages = withMessage(known.messages, message);
  const { [message.contact_id]: _stopped, ...typingAt } = known.typingAt;
  const partials = known.partials[message.contact_id] ? withoutVoice(known.partials, message.contact_id, message.from) : known.partials;
  return { ...known, messages, partials, typingAt: message.from === "help_seeker" ? typingAt : known.typingAt };
}

interface PartialFrame {
  contact_id: string;
  from: Message["from"];
  text: string;
}

function partly(known: Known, { contact_id, from, text }: PartialFrame, now: number): Known {
  const others = withoutVoice(known.partials, contact_id, from);
  return { ...known, partials: { ...others, [contact_id]: [...(others[contact_id] ?? []), { from, text, at: now }] } };
}

function withoutVoice(partials: Known["partials"], contactId: string, from: Message["from"]): Known["partials"] {
  return { ...partials, [contactId]: (partials[contactId] ?? []).filter((one) => one.from !== from) };
}

function typed(known: Known, contactId: string, now: number): Known {
  return { ...known, typingAt: { ...known.typingAt, [contactId]: now } };
}

function removed(known: Known, noun: Noun, id: string): Known {
  if (noun === "message") return known;
  const table = TABLES[noun];
  const messages = noun === "contact" ? without(known.messages, id) : known.messages;
  return { ...known, messages, [table]: without(known[table] as Table<unknown>, id) };
}

/** A snapshot replaces what was known, transcripts too (there may be a hole in them: whoever shows one pages it in again);
 * a welcome without one means that the frames since our cursor follow. */
function welcome(known: Known, snapshot: Snapshot | undefined): Known {
  if (!snapshot) return { ...known, ready: true };
  const presences = fromList(snapshot.presences ?? []);
  return {
    ...NOTHING_KNOWN,
    cursor: known.cursor,
    ready: true,
    generation: known.generation + 1,
    contacts: fromList(snapshot.contacts ?? []),
    offers: fromList(snapshot.offers ?? []),
    presences: snapshot.me ? { ...presences, [snapshot.me.id]: snapshot.me } : presences,
    diversions: fromList(snapshot.diversions ?? []),
    alerts: fromList(snapshot.alerts ?? []),
    followups: fromList(snapshot.followups ?? []),
    voicemails: fromList(snapshot.voicemails ?? []),
    duties: fromList(snapshot.duties ?? []),
    dutyRings: fromList(snapshot.duty_rings ?? []),
    handovers: fromList(snapshot.handovers ?? []),
    shiftSwaps: fromList(snapshot.shift_swaps ?? []),
    referrals: fromList(snapshot.referrals ?? []),
    schoolReports: fromList(snapshot.school_reports ?? []),
    settings: snapshot.settings ?? {},
  };
}
