import type { Alert } from "../../data/alerts";
import { rings } from "../../data/dispatch";
import { useSecond } from "../../ui/clock";
import { useWords } from "../../words/words";
import classes from "./AlertPanel.module.css";
import { climbSentence, roleWord } from "./phrases";

/** What happens by itself: one sentence with the time left, and the rungs. */
export function Ladder({ alert }: { alert: Alert }) {
  const t = useWords("dispatch");
  const sentence = climbSentence(t, alert, useSecond());
  if (!sentence) return null;
  return (
    <section aria-label={t("ladder")}>
      <h3 className={classes["heading"]}>{rings(alert) ? t("ladder") : t("ladder_then")}</h3>
      <p className={classes["sentence"]} data-testid="alert-ladder">
        {sentence}
      </p>
      {rings(alert) ? (
        <ol className={classes["rungs"]}>
          {alert.ladder.map((rung, place) => (
            <li key={place} data-now={place === alert.rung || undefined}>
              <span>{roleWord(t, rung.role)}</span>
              <span className={classes["rung_state"]}>{place < alert.rung ? t("ladder_done") : place === alert.rung ? t("ladder_now") : t("ladder_to_come")}</span>
              <span className="tabular">{t("seconds", { n: rung.seconds })}</span>
            </li>
          ))}
        </ol>
      ) : null}
    </section>
  );
}
