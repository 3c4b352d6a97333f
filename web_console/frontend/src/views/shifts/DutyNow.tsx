import { useMemo } from "react";
import { dutyOf, extras, gapsWithin } from "../../data/duty";
import { useKnown } from "../../data/store";
import { useSecond } from "../../ui/clock";
import { Icon } from "../../ui/Icon";
import { useLanguage, useWords } from "../../words/words";
import classes from "./Shifts.module.css";
import { dayAndHour, hour } from "./times";

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

/** What somebody has to put right: who has not come, when nobody will be there, what nobody took over. */
export function DutyNotices({ quiet = false }: { quiet?: boolean }) {
  const t = useWords("shifts");
  const language = useLanguage();
  const duties = useKnown((known) => known.duties);
  const handovers = useKnown((known) => known.handovers);
  const now = useSecond() * 1000;
  const duty = dutyOf(duties);
  const gaps = gapsWithin(duty, 7, now);
  const late = Object.values(handovers).filter((one) => one.late && one.accepted_at === null);
  const some = (duty?.absent.length ?? 0) + gaps.length + late.length > 0;
  if (!some) return quiet || !duty?.on_duty.some((role) => role.planned) ? null : <p className={classes["dim"]}>{t("no_notices")}</p>;
  return (
    <ul className={classes["notices"]} aria-label={t("notices")} data-testid="duty-notices">
      {duty?.absent.map((one) => (
        <Notice key={`${one.who.id} ${one.since}`} kind="absent">
          {t("absent", { name: one.who.name, role: t(`role_${one.role}`), time: hour(one.since, language) })}
        </Notice>
      ))}
      {late.map((one) => (
        <Notice key={one.id} kind="handover">
          {`${t("handover_late")}: ${t("handover_by", { name: one.written_by?.name ?? "–", role: t(`role_${one.role}`), time: hour(one.written_at, language) })}`}
        </Notice>
      ))}
      {gaps.map((gap) => (
        <Notice key={`${gap.role} ${gap.start}`} kind="gap">
          {t("gap", { role: t(`role_${gap.role}`), from: dayAndHour(gap.start, language), to: dayAndHour(gap.end, language) })}
        </Notice>
      ))}
    </ul>
  );
}

function Notice({ kind, children }: { kind: string; children: string }) {
  return (
    <li data-kind={kind}>
      <Icon name="alert" size={15} />
      <span>{children}</span>
    </li>
  );
}
