import { useWords } from "../words/words";
import { running, secondsSince, useSecond } from "./clock";
import classes from "./Timer.module.css";

/** How long something has been going on. Its meaning stands beside it, in words of the caller. */
export function Timer({ since, lateAfter }: { since: string; lateAfter?: number }) {
  const seconds = secondsSince(since, useSecond());
  const late = lateAfter !== undefined && seconds > lateAfter;
  return (
    <time className={`tabular ${late ? classes["late"] : ""}`} dateTime={since}>
      {running(seconds)}
    </time>
  );
}

/** How long is left; turns to the danger colour only when it has run out. */
export function Countdown({ until }: { until: string }) {
  const t = useWords("ui");
  const left = -secondsSince(until, useSecond());
  const late = left < 0;
  return (
    <time className={`tabular ${late ? classes["late"] : ""}`} dateTime={until} data-late={late || undefined}>
      {late ? t("late", { time: running(-left) }) : running(left)}
    </time>
  );
}
