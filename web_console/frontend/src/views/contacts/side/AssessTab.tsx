import { Button, Select, Stack } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useHeld } from "../../../data/held";
import { type Answer, type Answers, answered, asked, fetchAnswers, fetchInstruments, type Instrument, type InstrumentResult, type Item, submitInstrument } from "../../../data/instruments";
import { useAct } from "../../../ui/act";
import { LevelChip } from "../../../ui/LevelChip";
import { Failed, Loading } from "../../../ui/states";
import { useLanguage, usePick, useWords } from "../../../words/words";
import { dateTime } from "../naming";
import type { SideProps } from "../SidePanel";
import { ScoreRange } from "./ScoreRange";
import classes from "./side.module.css";

export function AssessTab({ contact }: SideProps) {
  const t = useWords("desk");
  const pick = usePick();
  const { data, error, refetch, isPending } = useQuery({ queryKey: ["instruments"], queryFn: fetchInstruments, staleTime: Infinity });
  const [chosen, setChosen] = useHeld<string | null>(`instrument.${contact.id}`, null);
  if (isPending) return <Loading />;
  if (error) return <Failed error={error} retry={() => void refetch()} />;
  const instrument = data.items.find((one) => one.id === (chosen ?? data.items[0]?.id));
  return (
    <Stack gap="md">
      <Select label={t("assess_pick")} value={instrument?.id ?? null} onChange={setChosen} data={data.items.map((one) => ({ value: one.id, label: pick(one, "title") }))} allowDeselect={false} data-testid="instrument-pick" />
      {instrument ? <Form key={instrument.id} contact={contact} instrument={instrument} /> : null}
      <Past contact={contact} instruments={data.items} />
    </Stack>
  );
}

function Form({ contact, instrument }: Pick<SideProps, "contact"> & { instrument: Instrument }) {
  const t = useWords("desk");
  const pick = usePick();
  const queries = useQueryClient();
  const [answers, setAnswers] = useHeld<Answers>(`answers.${contact.id}.${instrument.id}`, {});
  const [result, setResult] = useState<InstrumentResult | null>(null);
  const { act, busy } = useAct();
  const questions = asked(instrument, answers);
  const open = questions.filter((item) => answers[item.id] === undefined).length;
  const begun = open < questions.length;
  const submit = () =>
    void act(async () => {
      setResult(await submitInstrument(contact.id, instrument.id, answered(instrument, answers)));
      setAnswers({});
      await queries.invalidateQueries({ queryKey: ["answers", contact.id] });
    });
  if (result) return <Result result={result} again={() => setResult(null)} />;
  return (
    <form onSubmit={(event) => (event.preventDefault(), submit())} data-testid="instrument-form">
      {pick(instrument, "help") ? <p className={classes["dim"]}>{pick(instrument, "help")}</p> : null}
      {pick(instrument, "stem") ? <p>{pick(instrument, "stem")}</p> : null}
      {questions.map((item) => (
        <Question key={item.id} item={item} answer={answers[item.id]} onAnswer={(answer) => setAnswers((held) => withAnswer(held, item.id, answer))} />
      ))}
      {begun && open > 0 ? <p className={classes["dim"]}>{t("assess_unknown", { count: open })}</p> : null}
      <Button type="submit" fullWidth disabled={!begun} loading={busy} mt="sm" data-testid="instrument-submit">
        {!begun ? t("assess_begin") : open > 0 ? t("assess_missing", { count: open }) : t("assess_submit")}
      </Button>
      <p className={classes["licence"]}>
        {t("assess_licence")}: {instrument.licence}
      </p>
    </form>
  );
}

/** Taken back, an answer is unknown again. */
function withAnswer(held: Answers, id: string, answer: Answer | undefined): Answers {
  const { [id]: _before, ...others } = held;
  return answer === undefined ? others : { ...others, [id]: answer };
}

function Question({ item, answer, onAnswer }: { item: Item; answer: Answer | undefined; onAnswer: (answer: Answer | undefined) => void }) {
  const t = useWords("desk");
  const pick = usePick();
  return (
    <fieldset className={classes["question"]} data-testid="question" data-item={item.id}>
      <legend>
        {pick(item, "text")}
        {answer === undefined ? null : (
          <button type="button" className={classes["link"]} onClick={() => onAnswer(undefined)}>
            {t("assess_clear")}
          </button>
        )}
        {pick(item, "note") ? <small>{pick(item, "note")}</small> : null}
      </legend>
      <div className={classes["options"]}>
        {item.options.map((option) => (
          <label key={String(option.value)}>
            <input type="radio" name={`q-${item.id}`} checked={answer === option.value} onChange={() => onAnswer(option.value)} data-value={String(option.value)} />
            {pick(option) || pick(option, "text")}
          </label>
        ))}
      </div>
    </fieldset>
  );
}

function Result({ result, again }: { result: InstrumentResult; again: () => void }) {
  const t = useWords("desk");
  const pick = usePick();
  return (
    <div className={classes["result"]} role="status" data-testid="instrument-result">
      <p>
        <b>{t("assess_result")}</b>: {pick(result, "summary")}
      </p>
      {result.level_floor !== "none" ? (
        <p>
          {t("assess_floor")} <LevelChip level={result.level_floor} />
        </p>
      ) : null}
      <ScoreRange result={result} />
      {result.steps.length > 0 ? (
        <>
          <h2 className={classes["heading"]}>{t("assess_steps")}</h2>
          <ul className={classes["evidence"]} data-testid="instrument-steps">
            {result.steps.map((step) => (
              <li key={step.en}>{pick(step)}</li>
            ))}
          </ul>
        </>
      ) : null}
      <Button size="compact-sm" variant="default" onClick={again}>
        {t("assess_again")}
      </Button>
    </div>
  );
}

function Past({ contact, instruments }: Pick<SideProps, "contact"> & { instruments: Instrument[] }) {
  const t = useWords("desk");
  const pick = usePick();
  const language = useLanguage();
  const { data } = useQuery({ queryKey: ["answers", contact.id], queryFn: () => fetchAnswers(contact.id) });
  if (!data || data.items.length === 0) return null;
  return (
    <section>
      <h2 className={classes["heading"]}>{t("assess_past")}</h2>
      <ul className={classes["evidence"]}>
        {data.items.map((one, index) => {
          const title = instruments.find((instrument) => instrument.id === one.instrument_id);
          return (
            <li key={index}>
              <div>
                <b>{title ? pick(title, "title") : one.instrument_id}</b>
                {one.level_floor && one.level_floor !== "none" ? (
                  <div>
                    <LevelChip level={one.level_floor} />
                  </div>
                ) : null}
                <time dateTime={one.at}>{dateTime(one.at, language)}</time>
                {one.result ? <span>{pick(one.result, "summary")}</span> : null}
                {one.result ? <ScoreRange result={one.result} /> : null}
              </div>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
