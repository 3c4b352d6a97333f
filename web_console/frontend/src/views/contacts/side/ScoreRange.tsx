import type { InstrumentResult } from "../../../data/instruments";
import { LevelChip } from "../../../ui/LevelChip";
import { useWords } from "../../../words/words";
import classes from "./side.module.css";

/** The score as it counts: at its least while answers are unknown, and what it may still be. */
export function ScoreRange({ result }: { result: InstrumentResult }) {
  const t = useWords("triage");
  const { low, high, level_floor: floor, level_high: worst } = result;
  const score = low === null || high === null ? null : low === high ? t("total", { low }) : t("range", { low, high });
  if (score === null && worst === floor) return null;
  return (
    <span className={classes["range"]} data-testid="score-range">
      {score ? <span className="tabular">{score}</span> : null}
      {worst === floor ? null : (
        <span>
          {t("held_unknown")} <LevelChip level={worst} />
        </span>
      )}
    </span>
  );
}
