import type { ReactElement } from "react";
import type { Level } from "../data/levels";
import { useWords } from "../words/words";
import classes from "./LevelChip.module.css";

/** The shape of each level, so that it can be told without colour. */
const SHAPES: Record<Level, ReactElement> = {
  imminent: <path d="M4.2 1h5.6L13 4.2v5.6L9.8 13H4.2L1 9.8V4.2z" fill="currentColor" />,
  high: <path d="M7 1.2 13.4 12.6H.6z" fill="currentColor" />,
  moderate: <path d="M7 .8 13.2 7 7 13.2.8 7z" fill="currentColor" />,
  low: <circle cx="7" cy="7" r="5" fill="currentColor" />,
  none: <circle cx="7" cy="7" r="4.6" fill="none" stroke="currentColor" strokeWidth="1.6" />,
  unassessed: <path d="M5 5a2 2 0 1 1 2.8 1.9c-.6.3-.8.6-.8 1.3M7 10.6v.4" fill="none" stroke="currentColor" strokeWidth="1.7" strokeLinecap="round" />,
};

export function LevelShape({ level, size = 13 }: { level: Level; size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 14 14" aria-hidden="true">
      {SHAPES[level]}
    </svg>
  );
}

interface Props {
  level: Level;
  /** A dangerous act is happening now: the chip pulses and says so. */
  act?: boolean;
  /** In narrow rows the pulse alone shows the act; a screen reader is told all the same. */
  narrow?: boolean;
}

/** Colour + shape + word: the same everywhere. */
export function LevelChip({ level, act = false, narrow = false }: Props) {
  const t = useWords("ui");
  const word = t(`level_${level}`);
  return (
    <span className={`${classes["chip"]} ${classes[level]} ${act ? classes["pulse"] : ""}`} data-testid="level-chip" data-level={level}>
      <LevelShape level={level} />
      <span aria-hidden="true">{act && !narrow ? `${word} · ${t("act_in_progress")}` : word}</span>
      <span className="visually-hidden">
        {t("level_of", { level: word })}
        {act ? ` ${t("act_in_progress_long")}` : ""}
      </span>
    </span>
  );
}
