import { daysUntil } from "../../data/referralForms";
import type { Referral } from "../../data/referrals";
import { useSecond } from "../../ui/clock";
import { type Say, useLanguage, useWords } from "../../words/words";
import classes from "./Referrals.module.css";

/** When the next act is due: a date, and how many days there are to it; in the danger colour only when late. */
export function DueMark({ referral, long = false }: { referral: Referral; long?: boolean }) {
  const t = useWords("referrals");
  const language = useLanguage();
  const today = new Date(useSecond() * 1000);
  if (referral.due_on === null) return long ? <span className={classes["quiet"]}>{t("due_none")}</span> : null;
  const days = daysUntil(referral.due_on, today);
  const date = new Date(`${referral.due_on}T12:00:00`).toLocaleDateString(language === "zh" ? "zh-CN" : "en-GB", { month: "short", day: "numeric", ...(long ? { weekday: "short" } : {}) });
  const late = referral.overdue || days < 0;
  const basis = referral.due_basis ? t(`basis_${referral.due_basis}`) : undefined;
  return (
    <span className={classes["due"]} data-late={late || undefined} title={basis} data-testid="referral-due">
      {long ? t("due_on", { date }) : date} · {left(t, days)}
      {long && basis ? <small>{basis}</small> : null}
      {long && referral.due_provisional ? <small>{t("provisional")}</small> : null}
    </span>
  );
}

function left(t: Say<"referrals">, days: number): string {
  if (days === 0) return t("due_today");
  return days < 0 ? t("due_late", { n: -days }) : t("due_in", { n: days });
}
