import { useMemo } from "react";
import { dutyOf, extras } from "../../data/duty";
import { useKnown } from "../../data/store";
import { Icon } from "../../ui/Icon";
import { useWords } from "../../words/words";
import { useNotices } from "./notices";
import classes from "./Shifts.module.css";

/** Who is on duty in each role now, and who is here beside them. */
export function DutyNow() {
  const t = useWords("shifts");
  const duties = useKnown((known) => known.duties);
  const presences = useKnown((known) => known.presences);
  const duty = dutyOf(duties);
  const beside = useMemo(() => extras(duty, presences), [duty, presences]);
  if (!duty) return <p className={classes["dim"]}>{t("no_roster")}</p>;
  return (
    <dl className={classes["now"]} data-testid="duty-now">
      {duty.on_duty.map((role) => (
        <div key={role.role} data-role={role.role} data-nobody={(role.planned && role.people.length === 0) || undefined}>
          <dt>{t(`role_${role.role}`)}</dt>
          <dd>{role.people.map((person) => person.name).join(" · ") || t(role.planned ? "nobody" : "no_roster")}</dd>
        </div>
      ))}
      {beside.length > 0 ? (
        <div>
          <dt>{t("extra")}</dt>
          <dd>{beside.map((person) => person.name).join(" · ")}</dd>
        </div>
      ) : null}
    </dl>
  );
}

/** The notices, or, unless `quiet`, that there are none. */
export function DutyNotices({ quiet = false, days = 7 }: { quiet?: boolean; days?: number }) {
  const t = useWords("shifts");
  const duty = dutyOf(useKnown((known) => known.duties));
  const notices = useNotices(days);
  if (notices.length === 0) return quiet || !duty?.on_duty.some((role) => role.planned) ? null : <p className={classes["dim"]}>{t("no_notices")}</p>;
  return (
    <ul className={classes["notices"]} aria-label={t("notices")} data-testid="duty-notices">
      {notices.map((notice) => (
        <li key={notice.key} data-kind={notice.kind}>
          <Icon name="alert" size={15} />
          <span>{notice.words}</span>
        </li>
      ))}
    </ul>
  );
}
