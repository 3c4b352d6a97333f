import type { Reason } from "../../../data/contacts";
import { useKnown } from "../../../data/store";
import { useLanguage, usePick, useWords } from "../../../words/words";
import { MODEL, useCueName } from "../cues";
import { focusMessage } from "../focusedMessage";
import { clockTime } from "../naming";
import { quoteOf } from "../RiskBanner";
import type { SideProps } from "../SidePanel";
import classes from "./side.module.css";

/** The reasons in the reader's language: the very words, what class they are of, why they count. Newest message first. */
export function EvidenceList({ contact }: Pick<SideProps, "contact">) {
  const t = useWords("desk");
  const reasons = [...contact.reasons].sort((a, b) => (b.seq ?? 0) - (a.seq ?? 0));
  return (
    <section>
      <h2 className={classes["heading"]}>{t("evidence")}</h2>
      {reasons.length === 0 ? <p className={classes["dim"]}>{t(contact.level === "unassessed" ? "evidence_unassessed" : "evidence_none")}</p> : null}
      <ul className={classes["evidence"]} data-testid="evidence-list">
        {reasons.map((reason, index) => (
          <li key={index} data-cue={reason.cue} className={reason.cue === MODEL ? classes["weak"] : undefined}>
            {reason.seq === null ? (
              <div>
                <Inside contactId={contact.id} reason={reason} />
              </div>
            ) : (
              <button type="button" title={t("evidence_jump")} onClick={() => focusMessage(contact.id, reason.seq!)}>
                <Inside contactId={contact.id} reason={reason} />
              </button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Inside({ contactId, reason }: { contactId: string; reason: Reason }) {
  const t = useWords("desk");
  const more = useWords("triage");
  const pick = usePick();
  const language = useLanguage();
  const name = useCueName();
  const messages = useKnown((known) => known.messages[contactId]);
  const text = quoteOf(reason, messages);
  const message = messages?.find((one) => one.seq === reason.seq);
  return (
    <>
      <span className={classes["said"]}>
        {text ? <b>{t("quoted", { text })}</b> : null}
        <small>{reason.cue === MODEL ? more("by_model") : name(reason.cue)}</small>
        {message ? <time dateTime={message.at}>{clockTime(message.at, language)}</time> : null}
      </span>
      <span>{pick(reason, "why")}</span>
    </>
  );
}
