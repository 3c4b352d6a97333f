import type { Contact, Reason } from "../../data/contacts";
import { atLeast } from "../../data/levels";
import type { Message } from "../../data/messages";
import { toUtf16 } from "../../data/offsets";
import { useKnown } from "../../data/store";
import { running, secondsSince, useSecond } from "../../ui/clock";
import { LevelChip } from "../../ui/LevelChip";
import { usePick, useWords } from "../../words/words";
import classes from "./Conversation.module.css";
import { MODEL, useCueName } from "./cues";

/** How many reasons the banner names, each by the name of its cue; the whole sentences are in the Risk tab. */
const NAMED = 3;

/** Pinned above the conversation from moderate on, and while nobody has assessed it: the level, and the very words. */
export function RiskBanner({ contact }: { contact: Contact }) {
  const anew = Boolean(contact.imminent_anew);
  if (!anew && !atLeast(contact.level, "moderate") && contact.level !== "unassessed") return null;
  return (
    <div className={`${classes["banner"]} ${classes[`banner_${anew ? "imminent" : contact.level}`]}`} tabIndex={0} data-testid="risk-banner" data-level={contact.level}>
      <LevelChip level={contact.level} act={contact.act_in_progress} />
      <p>
        <Because contact={contact} />
      </p>
      {contact.help_requested_at ? (
        <span className={classes["help"]}>
          <HelpAsked since={contact.help_requested_at} />
        </span>
      ) : null}
    </div>
  );
}

function HelpAsked({ since }: { since: string }) {
  const t = useWords("desk");
  return <span className="tabular">{t("help_asked", { time: running(secondsSince(since, useSecond())) })}</span>;
}

function Because({ contact }: { contact: Contact }) {
  const t = useWords("desk");
  const words = useWords("ui");
  const more = useWords("triage");
  const pick = usePick();
  const cueName = useCueName();
  const messages = useKnown((known) => known.messages[contact.id]);
  const quoted = bySpan(named(contact.reasons)).slice(0, NAMED).map((reasons) => {
    const text = quoteOf(reasons[0]!, messages);
    return text ? t("quote", { text, why: reasons.map((reason) => cueName(reason.cue)).join(t("and_cue")) }) : pick(reasons[0]!, "why");
  });
  if (contact.imminent_anew) return <b>{more("suggestion")}</b>;
  if (contact.override) return t("overridden", { name: contact.override.by?.name ?? "", reason: contact.override.reason ?? "" });
  if (contact.level === "unassessed") return t("risk_unassessed");
  if (contact.level_source === "instrument" && contact.instrument_floor) return t("risk_of_instrument", { level: words(`level_${contact.instrument_floor}`) });
  if (contact.level_source === "report" && contact.reasons.length === 0) return t("risk_of_report");
  if (quoted.length === 0) return t(contact.channel === "school" && contact.level_source === "triage" ? "risk_of_report_text" : `source_${contact.level_source}`);
  return (
    <>
      <b>{t("because")}</b> {quoted.join(" + ")}
    </>
  );
}

/** What the rules found; the model's estimate only where they found nothing. */
function named(reasons: readonly Reason[]): Reason[] {
  const whole = reasons.filter(isWhole);
  const found = whole.filter((reason) => reason.cue !== MODEL);
  return found.length > 0 ? found : whole;
}

/** The same words are quoted once, with all that they are read as. */
function bySpan(reasons: readonly Reason[]): Reason[][] {
  const spans = new Map<string, Reason[]>();
  for (const reason of reasons) {
    const span = `${reason.message_id} ${reason.seq} ${reason.start} ${reason.end}`;
    spans.set(span, [...(spans.get(span) ?? []), reason]);
  }
  return [...spans.values()];
}

/** Not a part of a longer reason in the same message, which says it already. */
function isWhole(reason: Reason, _index: number, all: readonly Reason[]): boolean {
  return !all.some((other) => other.seq === reason.seq && other.start <= reason.start && other.end >= reason.end && other.end - other.start > reason.end - reason.start);
}

/** The words themselves, where their message is on this page; reasons carry only where they stand. */
export function quoteOf(reason: Reason, messages: readonly Message[] | undefined): string | null {
  const message = messages?.find((one) => one.id === reason.message_id || one.seq === reason.seq);
  if (!message) return null;
  const [start, end] = toUtf16(message.text, [reason.start, reason.end]);
  return message.text.slice(start, end) || null;
}
