import type { Drift } from "../../data/triage";
import { useLanguage, useWords } from "../../words/words";
import classes from "./Triage.module.css";

const WIDTH = 360;
const HEIGHT = 110;

/** The scores of this week as columns, those of the weeks before as a line over them; each as shares of their own sum. */
export function Scores({ drift }: { drift: Drift }) {
  const t = useWords("triage");
  const language = useLanguage();
  const now = shares(drift.weeks.at(-1)!.scores);
  const before = shares(drift.scores_before);
  const top = Math.max(0.01, ...now, ...before);
  const step = WIDTH / now.length;
  const y = (share: number) => HEIGHT - (HEIGHT - 6) * (share / top);
  const percent = (share: number) => share.toLocaleString(language, { style: "percent", maximumFractionDigits: 1 });
  const path = before.map((share, index) => `${index === 0 ? "M" : "L"}${index * step} ${y(share)}H${(index + 1) * step}`).join("");
  const psi = drift.stability === null ? null : drift.stability.toFixed(2);
  return (
    <section className={classes["card"]} data-testid="triage-scores" data-moved={drift.scores_moved || undefined}>
      <h2>{t("scores")}</h2>
      <svg className={classes["scores"]} viewBox={`0 0 ${WIDTH} ${HEIGHT + 16}`} role="img" aria-label={now.map((share, index) => t("scores_told", { from: index / 10, to: (index + 1) / 10, now: percent(share), before: percent(before[index]!) })).join("; ")}>
        {now.map((share, index) => (
          <rect key={index} x={index * step + 3} width={step - 6} y={y(share)} height={HEIGHT - y(share)} fill="var(--accent)" opacity="0.85" />
        ))}
        <path d={path} fill="none" stroke="var(--ink)" strokeWidth="2" />
        <line x1="0" x2={WIDTH} y1={HEIGHT} y2={HEIGHT} stroke="var(--rule-strong)" />
        {[0, 5, 10].map((tenth) => (
          <text key={tenth} x={tenth * step} y={HEIGHT + 13} fontSize="11" fill="var(--ink-2)" textAnchor={tenth === 0 ? "start" : tenth === 10 ? "end" : "middle"}>
            {(tenth / 10).toLocaleString(language)}
          </text>
        ))}
      </svg>
      <p className={classes["key"]} aria-hidden="true">
        <i /> {t("column_now")} <i data-line /> {t("before")}
      </p>
      {psi === null ? <p className={classes["dim"]}>{t("too_few")}</p> : <p className={drift.scores_moved ? classes["moved"] : classes["dim"]}>{t(drift.scores_moved ? "scores_moved" : "scores_same", { psi })}</p>}
    </section>
  );
}

function shares(counts: readonly number[]): number[] {
  const sum = counts.reduce((total, count) => total + count, 0);
  return counts.map((count) => (sum === 0 ? 0 : count / sum));
}
