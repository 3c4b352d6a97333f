import type { PastAssessment } from "../../../data/contactCommands";
import type { Level } from "../../../data/levels";
import { useWords } from "../../../words/words";
import classes from "./side.module.css";

/** Rows of the chart from below. Unassessed stands on its own line: not known is not the same as low. */
const ROWS: readonly Level[] = ["none", "low", "unassessed", "moderate", "high", "imminent"];
const WIDTH = 300;
const ROW = 13;
const HEIGHT = ROWS.length * ROW;

/** One step per assessment, in the order in which they came. Read to a screen reader as words. */
export function LevelOverTime({ points }: { points: readonly PastAssessment[] }) {
  const t = useWords("desk");
  const words = useWords("ui");
  const ordered = [...points].sort((a, b) => a.at.localeCompare(b.at));
  if (ordered.length < 2) return null;
  const step = WIDTH / ordered.length;
  const y = (level: Level) => HEIGHT - ROWS.indexOf(level) * ROW - ROW / 2;
  const path = ordered.map((point, index) => `${index === 0 ? "M" : "L"}${index * step} ${y(point.level)}H${(index + 1) * step}`).join("");
  const told = `${t("level_over_time")}: ${ordered.map((point) => words(`level_${point.level}`)).join(" → ")}`;
  const last = ordered.at(-1)!;
  return (
    <svg className={classes["chart"]} viewBox={`0 -2 ${WIDTH} ${HEIGHT + 4}`} role="img" aria-label={told} data-testid="level-over-time">
      {(["moderate", "high", "imminent"] as const).map((level) => (
        <line key={level} x1="0" x2={WIDTH} y1={y(level)} y2={y(level)} stroke={`var(--${level})`} strokeWidth="1" strokeDasharray="2 5" opacity="0.7" />
      ))}
      <path d={path} fill="none" stroke="var(--ink-2)" strokeWidth="2" strokeLinejoin="round" />
      <circle cx={WIDTH - 3} cy={y(last.level)} r="3.5" fill="var(--ink)" />
    </svg>
  );
}
