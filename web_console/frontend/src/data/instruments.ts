import { http } from "../wire/http";
import type { Schemas } from "../wire/schema";
import { learn } from "./store";

export type Instrument = Schemas["InstrumentView"];
/** `shown_if`: asked when any of these holds; always, where there are none. */
export type Item = Schemas["ItemView"];
export type Answer = Schemas["OptionView"]["value"];
/** `low` and `high`: the sum, with what unknown answers leave open. */
export type InstrumentResult = Schemas["ResultView"];
export type PastAnswers = Schemas["PastAnswers"];

export type Answers = Readonly<Record<string, Answer>>;

/** The questions to ask, given the answers so far. */
export function asked(instrument: Instrument, answers: Answers): Item[] {
  return instrument.items.filter((item) => {
    const conditions = item.shown_if;
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
  const { result, contact } = await http.post<Schemas["Filled"]>(`/api/contacts/${contactId}/instruments`, {
    instrument_id: instrumentId,
    answers,
  });
  learn("contact", contact);
  return result;
}
