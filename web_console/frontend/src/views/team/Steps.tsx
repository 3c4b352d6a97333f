import type { Alert } from "../../data/alerts";
import { FIELD_MOVES, type FieldMove, nextFieldMove } from "../../data/dispatch";
import { Icon } from "../../ui/Icon";
import { useWords } from "../../words/words";
import classes from "./Team.module.css";

/** Four big buttons in order: what is done is ticked, the next one is filled, those after it wait. */
export function Steps({ seen, onStep }: { seen: Alert; onStep: (move: FieldMove) => void }) {
  const t = useWords("team");
  const next = nextFieldMove(seen);
  const place = next === null ? FIELD_MOVES.length : FIELD_MOVES.indexOf(next);
  return (
    <ol className={classes["steps"]} aria-label={t("in_order")}>
      {FIELD_MOVES.map((move, at) => (
        <li key={move}>
          <button
            type="button"
            disabled={!usable(move, next, at, place)}
            data-next={move === next || undefined}
            data-done={at < place || undefined}
            onClick={() => onStep(move)}
            data-testid={`team-step-${move}`}
          >
            <span className={classes["number"]}>{at < place ? <Icon name="check" size={20} /> : at + 1}</span>
            <span>{t(`do_${move}`)}</span>
            <small>{at < place ? t("done") : at === place ? t("next") : usable(move, next, at, place) ? "" : t("not_yet")}</small>
          </button>
        </li>
      ))}
    </ol>
  );
}

/** The next one; and arriving without having said that one left, and ending a call-out early, are possible. */
function usable(move: FieldMove, next: FieldMove | null, at: number, place: number): boolean {
  if (next === null || at < place) return false;
  return move === next || move === "close" || (move === "on_scene" && next === "en_route");
}
