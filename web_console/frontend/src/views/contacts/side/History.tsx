import { useQuery } from "@tanstack/react-query";
import { fetchAssessments, type PastAssessment } from "../../../data/contactCommands";
import type { Contact } from "../../../data/contacts";
import { fetchAnswers, fetchInstruments, type Instrument, type PastAnswers } from "../../../data/instruments";
import { moves, peakOf, trendOf } from "../../../data/levelHistory";
import { useKnown } from "../../../data/store";
import { LevelChip } from "../../../ui/LevelChip";
import { useLanguage, usePick, useWords } from "../../../words/words";
import { focusMessage } from "../focusedMessage";
import { clockTime } from "../naming";
import { LevelOverTime } from "./LevelOverTime";
import { ScoreRange } from "./ScoreRange";
import classes from "./side.module.css";

const NONE: readonly never[] = [];

/** How the contact came to its level: who or what, when, from which words; what holds it, its peak and where it goes. */
export function History({ contact }: { contact: Contact }) {
  const messages = useKnown((known) => known.messages[contact.id]) ?? NONE;
  // Read again when the level or what it stands on changes, not with every message.
  const { data } = useQuery({
    queryKey: ["assessments", contact.id, contact.level, contact.reasons.length, contact.override?.at, contact.instrument_floor],
    queryFn: () => fetchAssessments(contact.id),
    placeholderData: (held) => held,
  });
  const steps = data?.items ?? NONE;
  const { filled, instruments } = useFilled(contact);
  const unread = messages.filter((message) => message.level === "unassessed").length;
  return (
    <>
      <Standing contact={contact} filled={filled} instruments={instruments} />
      <LevelOverTime steps={steps} messages={messages} />
      <Course contact={contact} />
      {unread > 0 ? <Unread count={unread} /> : null}
      <Steps contact={contact} steps={steps} filled={filled} instruments={instruments} />
    </>
  );
}

function useFilled(contact: Contact): { filled: readonly PastAnswers[]; instruments: readonly Instrument[] } {
  const asked = contact.instrument_floor !== null;
  const answers = useQuery({ queryKey: ["answers", contact.id, contact.instrument_floor], queryFn: () => fetchAnswers(contact.id), enabled: asked });
  const catalogue = useQuery({ queryKey: ["instruments"], queryFn: fetchInstruments, staleTime: Infinity, enabled: asked });
  return { filled: answers.data?.items ?? NONE, instruments: catalogue.data?.items ?? NONE };
}

interface Known {
  contact: Contact;
  filled: readonly PastAnswers[];
  instruments: readonly Instrument[];
}

/** Which instrument holds the level up, and what its unknown answers leave open. */
function Standing({ contact, filled, instruments }: Known) {
  const t = useWords("triage");
  const pick = usePick();
  if (contact.instrument_floor === null || contact.instrument_floor === "none") return null;
  const holding = filled.findLast((one) => one.level_floor === contact.instrument_floor);
  if (!holding) return null;
  const title = instruments.find((one) => one.id === holding.instrument_id);
  return (
    <p className={classes["held"]} data-testid="level-held" data-instrument={holding.instrument_id}>
      {t("held_by", { name: title ? pick(title, "title") : holding.instrument_id })} <LevelChip level={contact.instrument_floor} />
      {holding.result ? <ScoreRange result={holding.result} /> : null}
    </p>
  );
}

/** The peak and the trend. Neither moves the level. */
function Course({ contact }: { contact: Contact }) {
  const t = useWords("triage");
  const words = useWords("ui");
  const language = useLanguage();
  const messages = useKnown((known) => known.messages[contact.id]) ?? NONE;
  const peak = contact.peak_level === "unassessed" || contact.peak_level === "none" ? null : peakOf(contact.peak_level, messages);
  const trend = trendOf(messages);
  if (peak === null && trend === null) return null;
  return (
    <p className={classes["dim"]} data-testid="level-course" data-trend={trend ?? undefined}>
      {peak ? (
        <>
          {t("peak")}:{" "}
          <button type="button" className={classes["link"]} title={t("peak_where")} onClick={() => focusMessage(contact.id, peak.seq)}>
            {words(`level_${peak.level!}`)} {clockTime(peak.at, language)}
          </button>
        </>
      ) : null}
      {peak && trend ? " · " : null}
      {trend ? t(`trend_${trend}`) : null}
    </p>
  );
}

function Unread({ count }: { count: number }) {
  const t = useWords("triage");
  return (
    <p className={classes["unread"]} data-testid="unassessed-messages">
      {t("unassessed_messages", { count })}
    </p>
  );
}

function Steps({ contact, steps, filled, instruments }: Known & { steps: readonly PastAssessment[] }) {
  const t = useWords("triage");
  const language = useLanguage();
  if (steps.length === 0) return null;
  return (
    <details className={classes["history"]} data-testid="level-history">
      <summary>{t("history")}</summary>
      <ol>
        {moves(steps).reverse().map((step, index) => (
          <li key={index} data-source={step.source}>
            <time dateTime={step.at}>{clockTime(step.at, language)}</time>
            <LevelChip level={step.level} narrow />
            <span>
              <Cause {...{ contact, step, filled, instruments }} />
            </span>
          </li>
        ))}
      </ol>
    </details>
  );
}

function Cause({ contact, step, filled, instruments }: Known & { step: PastAssessment }) {
  const t = useWords("triage");
  const pick = usePick();
  if (step.source === "override") return `${t("history_by", { name: step.by?.name ?? "" })}${step.reason ? `: ${step.reason}` : ""}`;
  if (step.source === "instrument") {
    // Both were saved in one moment.
    const answers = filled.find((one) => one.at === step.at);
    const title = instruments.find((one) => one.id === answers?.instrument_id);
    return t("history_instrument", { name: step.by?.name ?? "", instrument: title ? pick(title, "title") : (answers?.instrument_id ?? "") });
  }
  if (step.source === "report") return t("history_report");
  const { seq } = step;
  if (seq === null) return t("history_machine");
  return (
    <>
      {t("history_machine")} ·{" "}
      <button type="button" className={classes["link"]} onClick={() => focusMessage(contact.id, seq)}>
        {t("history_message", { seq })}
      </button>
    </>
  );
}
