import { http } from "../wire/http";
import type { Contact } from "./contacts";
import type { Level } from "./levels";
import { learn } from "./store";

export type Answer = string | number | boolean;

interface Option {
  value: Answer;
  zh: string;
  en: string;
}

export interface Condition {
  item: string;
  values: Answer[];
}

export interface Item {
  id: string;
  text_zh: string;
  text_en: string;
  note_zh?: string;
  note_en?: string;
  options: Option[];
  /** Asked when any of these holds; always, where there are none. */
  shown_if?: Condition[] | null;
}

export interface Instrument {
  id: string;
  version: string;
  title_zh: string;
  title_en: string;
  licence: string;
  stem_zh?: string;
  stem_en?: string;
  help_zh?: string;
  help_en?: string;
  items: Item[];
}

export interface InstrumentResult {
  level_floor: Level | null;
  low: number | null;
  high: number | null;
  summary_zh: string;
  summary_en: string;
}

export interface PastAnswers {
  instrument_id: string;
  version: string;
  at: string;
  by: { id: string; name: string } | null;
  answers: Record<string, Answer>;
  result: InstrumentResult;
}

export type Answers = Readonly<Record<string, Answer>>;

/** The questions to ask, given the answers so far. */
export function asked(instrument: Instrument, answers: Answers): Item[] {
  return instrument.items.filter((item) => {
    const conditions = item.shown_if ?? [];
    return conditions.length === 0 || conditions.some(({ item: id, values }) => values.includes(answers[id] as Answer));
  });
}

/** What goes to the server: answers to questions that are no longer asked are left out. */
export function answered(instrument: Instrument, answers: Answers): Answers {
  const entries = asked(instrument, answers).flatMap(({ id }) => (answers[id] === undefined ? [] : [[id, answers[id]] as const]));
  return Object.fromEntries(entries);
}

export const fetchInstruments = () => http.get<{ items: Instrument[] }>("/api/instruments");
export const fetchAnswers = (contactId: string) => http.get<{ items: PastAnswers[] }>(`/api/contacts/${contactId}/instruments`);

export async function submitInstrument(contactId: string, instrumentId: string, answers: Answers): Promise<InstrumentResult> {
  const { result, contact } = await http.post<{ result: InstrumentResult; contact: Contact }>(`/api/contacts/${contactId}/instruments`, {
    instrument_id: instrumentId,
    answers,
  });
  learn("contact", contact);
  return result;
}
