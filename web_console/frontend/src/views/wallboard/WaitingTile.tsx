import { useMemo } from "react";
import { useLocation } from "wouter";
import { queueOf } from "../../data/contacts";
import { type Waiting, waitingByLevel } from "../../data/indicators";
import { useKnown } from "../../data/store";
import { LevelShape } from "../../ui/LevelChip";
import { Timer } from "../../ui/Timer";
import { useWords } from "../../words/words";
import { Tile } from "./Tile";
import classes from "./Wallboard.module.css";

/** From when a wait at this level is late: high and imminent after a minute, the others after three (as supervisors are told). */
const LATE_S = { imminent: 60, high: 60, moderate: 180, unassessed: 180, low: 180, none: 180 } as const;

export function WaitingTile() {
  const t = useWords("wallboard");
  const contacts = useKnown((known) => known.contacts);
  const levels = useMemo(() => waitingByLevel(contacts), [contacts]);
  const all = levels.reduce((sum, row) => sum + row.count, 0);
  return (
    <Tile area="waiting" title={t("waiting")} aside={<span>{all === 0 ? t("nobody_waits") : t("in_all", { n: all })}</span>}>
      <ul className={classes["levels"]}>
        {levels.map((row) => (
          <LevelCount key={row.level} row={row} />
        ))}
      </ul>
    </Tile>
  );
}

function LevelCount({ row }: { row: Waiting }) {
  const t = useWords("wallboard");
  const words = useWords("ui");
  const [, go] = useLocation();
  const contacts = useKnown((known) => known.contacts);
  const open = () => {
    const first = queueOf(contacts).find((contact) => contact.level === row.level);
    if (first) go(`/contacts/${first.id}`);
  };
  return (
    <li data-level={row.level} data-some={row.count > 0 || undefined}>
      <button type="button" disabled={row.count === 0} onClick={open} data-testid={`waiting-${row.level}`}>
        <span className={classes["figure"]}>{row.count}</span>
        <span className={classes["level_word"]}>
          <LevelShape level={row.level} size={18} /> {words(`level_${row.level}`)}
        </span>
        <span className={classes["longest"]}>
          {row.longest ? (
            <>
              {t("longest")} <Timer since={row.longest} lateAfter={LATE_S[row.level]} />
            </>
          ) : (
            "–"
          )}
        </span>
      </button>
    </li>
  );
}
