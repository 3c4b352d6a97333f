import type { AlertStep } from "../../data/alerts";
import { useLanguage, useWords } from "../../words/words";
import classes from "./AlertPanel.module.css";
import { stepWord } from "./phrases";

/** Every step: when, what, by whom, and what they wrote. The newest on top. */
export function Timeline({ steps }: { steps: readonly AlertStep[] }) {
  const t = useWords("dispatch");
  const at = useClockTime();
  return (
    <section aria-label={t("timeline")}>
      <h3 className={classes["heading"]}>{t("timeline")}</h3>
      <ol className={classes["timeline"]} data-testid="alert-timeline">
        {[...steps].reverse().map((step, place) => (
          <li key={steps.length - place}>
            <time className="tabular" dateTime={step.at}>
              {at(step.at)}
            </time>
            <div>
              {stepWord(t, step)} <span className={classes["actor"]}>{step.actor?.name ?? t("machine")}</span>
              {step.note ? <p className={classes["note"]}>{step.note}</p> : null}
            </div>
          </li>
        ))}
      </ol>
    </section>
  );
}

/** The time of day, with the day where it is not today; `whole`: to the minute, for what lies ahead. */
export function useClockTime(): (at: string, whole?: boolean) => string {
  const language = useLanguage();
  return (at, whole = false) => {
    const moment = new Date(at);
    const today = moment.toDateString() === new Date().toDateString();
    return moment.toLocaleString(language === "zh" ? "zh-CN" : "en-GB", {
      ...(today ? {} : { month: "numeric", day: "numeric" }),
      hour: "2-digit",
      minute: "2-digit",
      ...(today && !whole ? { second: "2-digit" } : {}),
      hourCycle: "h23",
    });
  };
}
