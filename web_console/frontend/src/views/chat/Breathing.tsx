import { useState } from "react";
import { useSecond } from "../../ui/clock";
import { serverNow } from "../../wire/serverClock";
import { useWords } from "../../words/words";
import classes from "./Breathing.module.css";
import page from "./chat.module.css";

/** In 4 s, hold 2 s, out 6 s: a longer breath out is what calms. */
const STEPS = [
  { word: "breathe_in", seconds: 4 },
  { word: "breathe_hold", seconds: 2 },
  { word: "breathe_out", seconds: 6 },
] as const;
const ROUND_SECONDS = 12;

export function Breathing() {
  const t = useWords("chat");
  const [since, setSince] = useState<number | null>(null);
  return (
    <details className={classes["breathe"]} data-testid="breathing">
      <summary>{t("breathe")}</summary>
      {since === null ? null : <Breath since={since} />}
      <button type="button" className={page["plain"]} onClick={() => setSince(since === null ? Math.floor(serverNow() / 1000) : null)}>
        {since === null ? t("breathe_start") : t("breathe_stop")}
      </button>
      <p className={page["dim"]}>{t("ground")}</p>
    </details>
  );
}

function Breath({ since }: { since: number }) {
  const t = useWords("chat");
  const { word, left } = stepAt(Math.max(0, useSecond() - since) % ROUND_SECONDS);
  return (
    <div className={classes["breath"]}>
      <div className={`${classes["circle"]} ${classes[word]}`} />
      <p className="tabular">
        {t(word)} · {left}
      </p>
    </div>
  );
}

function stepAt(second: number): { word: (typeof STEPS)[number]["word"]; left: number } {
  let start = 0;
  for (const step of STEPS) {
    if (second < start + step.seconds) return { word: step.word, left: start + step.seconds - second };
    start += step.seconds;
  }
  return { word: "breathe_in", left: STEPS[0].seconds };
}
