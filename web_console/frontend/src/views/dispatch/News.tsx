import { useMemo } from "react";
import type { Alert } from "../../data/alerts";
import { newsOf } from "../../data/dispatch";
import type { Table } from "../../data/table";
import { useWords } from "../../words/words";
import classes from "./News.module.css";
import { stepWord, useWhat } from "./phrases";
import { useClockTime } from "./Timeline";

/** As many as one looks back to during a shift's quiet moment. */
const MOST = 40;

/** What has happened, to read: apart from what needs an answer, and without a sound. */
export function News({ alerts, onOpen }: { alerts: Table<Alert>; onOpen: (id: string) => void }) {
  const t = useWords("dispatch");
  const at = useClockTime();
  const whatOf = useWhat();
  const news = useMemo(() => newsOf(alerts, MOST), [alerts]);
  return (
    <section className={classes["news"]} aria-label={t("news")} data-testid="dispatch-news">
      <h2>{t("news")}</h2>
      <p className={classes["hint"]}>{news.length > 0 ? t("news_hint") : t("news_none")}</p>
      <ol>
        {news.map(({ alert, step }, place) => (
          <li key={`${alert.id} ${step.at} ${place}`}>
            <time className="tabular" dateTime={step.at}>
              {at(step.at)}
            </time>
            <button type="button" onClick={() => onOpen(alert.id)}>
              <span>
                {stepWord(t, step)} · {step.actor?.name ?? t("machine")}
              </span>
              <span className={classes["what"]}>{whatOf(alert)}</span>
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}
