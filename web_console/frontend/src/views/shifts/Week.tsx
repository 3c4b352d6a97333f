import { useMediaQuery } from "@mantine/hooks";
import { type ReactNode, useMemo } from "react";
import { type Duty, isNow, type Occurrence, weekOf } from "../../data/duty";
import { useUser } from "../../data/session";
import { useSecond } from "../../ui/clock";
import { useLanguage, useWords } from "../../words/words";
import classes from "./Shifts.module.css";
import { dayName, hour, isSameDay } from "./times";

interface Props {
  start: Date;
  occurrences: readonly Occurrence[];
  gaps: Duty["gaps"];
  /** Absent for those who only read. */
  onChoose?: ((occurrence: Occurrence) => void) | undefined;
  /** One's own shift that has not begun: give it away. */
  onOffer: (occurrence: Occurrence) => void;
}

/** Seven columns, on a phone seven blocks: each day's shifts by their beginning. */
export function Week({ start, occurrences, gaps, onChoose, onOffer }: Props) {
  const t = useWords("shifts");
  const language = useLanguage();
  const now = useSecond();
  const days = useMemo(() => weekOf(start, occurrences, gaps), [start, occurrences, gaps]);
  return (
    <ol className={classes["week"]} data-testid="shifts-week">
      {days.map(({ day, occurrences: begun, gaps: empty }) => (
        <Day key={day.toISOString()} day={day} now={now}>
          {begun.length === 0 && empty.length === 0 ? <p className={classes["dim"]}>{t("day_none")}</p> : null}
          {begun.map((one) => (
            <Shown key={`${one.shift_id ?? one.people[0]?.id} ${one.start} ${one.role}`} occurrence={one} now={now} onChoose={onChoose} onOffer={onOffer} />
          ))}
          {empty.map((gap) => (
            <p key={`${gap.role} ${gap.start}`} className={classes["gap"]} data-testid="shift-gap">
              {`${hour(gap.start, language)}–${hour(gap.end, language)} ${t(`role_${gap.role}`)}: ${t("nobody")}`}
            </p>
          ))}
        </Day>
      ))}
    </ol>
  );
}

/** Below each other on a telephone, the days that are over are closed: today is not a week's scrolling away. */
function Day({ day, now, children }: { day: Date; now: number; children: ReactNode }) {
  const language = useLanguage();
  const narrow = useMediaQuery("(max-width: 900px)") ?? false;
  const today = new Date(now * 1000);
  const isToday = isSameDay(day, today);
  const name = <h3>{dayName(day, language)}</h3>;
  return narrow && !isToday && day < today ? (
    <li>
      <details>
        <summary>{name}</summary>
        {children}
      </details>
    </li>
  ) : (
    <li data-today={isToday || undefined}>
      {name}
      {children}
    </li>
  );
}

function Shown({ occurrence, now, onChoose, onOffer }: { occurrence: Occurrence; now: number; onChoose: Props["onChoose"]; onOffer: Props["onOffer"] }) {
  const t = useWords("shifts");
  const language = useLanguage();
  const user = useUser();
  const running = isNow(occurrence, now);
  const mine = occurrence.people.some((person) => person.id === user.id);
  const body = (
    <>
      <span className="tabular">
        {hour(occurrence.start, language)}–{hour(occurrence.end, language)}
        {running ? <em> {t("on_now")}</em> : null}
      </span>
      <span>
        {t(`role_${occurrence.role}`)}
        {occurrence.name ? ` · ${occurrence.name}` : ""}
      </span>
      <b>{occurrence.people.map((person) => person.name).join(" · ") || t("nobody")}</b>
    </>
  );
  const facts = { className: classes["shift"], "data-role": occurrence.role, "data-mine": mine || undefined, "data-now": running || undefined, "data-testid": "shift" };
  const shown =
    !onChoose || !occurrence.shift_id ? (
      <div {...facts}>{body}</div>
    ) : (
      <button type="button" {...facts} onClick={() => onChoose(occurrence)}>
        {body}
      </button>
    );
  if (!mine || !occurrence.shift_id || Date.parse(occurrence.start) <= now * 1000) return shown;
  return (
    <div className={classes["own"]}>
      {shown}
      <button type="button" className={classes["give"]} onClick={() => onOffer(occurrence)} data-testid="shift-offer">
        {t("swap_give")}
      </button>
    </div>
  );
}
