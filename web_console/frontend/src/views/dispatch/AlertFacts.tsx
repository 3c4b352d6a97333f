import type { ReactNode } from "react";
import type { Alert } from "../../data/alerts";
import { type Say, useWords } from "../../words/words";
import classes from "./AlertFacts.module.css";
import { whoIsWith } from "./phrases";

/** What whoever goes must know: the same rows for the board, the team and the police desk. */
export function AlertFacts({ alert, compact = false }: { alert: Alert; compact?: boolean }) {
  const t = useWords("dispatch");
  return (
    <div data-testid="alert-facts">
      {alert.danger_to_others ? <p className={classes["danger"]}>{t("danger_to_others")}</p> : null}
      <dl className={classes["facts"]}>
        <Fact name={t("where")}>
          <Place alert={alert} t={t} />
        </Fact>
        <Fact name={t("asked")}>
          {alert.asked ? t(`asked_${alert.asked}`) : t("asked_none")} · {t(`target_${alert.target}`)}
        </Fact>
        <Fact name={t("person")}>{alert.person}</Fact>
        <Fact name={t("means")}>{alert.means}</Fact>
        <Fact name={t("with")}>{whoIsWith(t, alert)}</Fact>
        <Fact name={t("callback")}>{alert.callback ? <a href={`tel:${alert.callback}`}>{alert.callback}</a> : null}</Fact>
        {compact ? null : (
          <Fact name={t("source")}>
            {t(`source_${alert.source}`)}
            {alert.raised_by ? ` · ${t("raised_by", { name: alert.raised_by.name })}` : ""}
          </Fact>
        )}
      </dl>
    </div>
  );
}

/** The place, and how sure it is. */
export function Place({ alert, t }: { alert: Alert; t: Say<"dispatch"> }) {
  if (!alert.where) return <strong>{t("where_none")}</strong>;
  return (
    <>
      {alert.where} <span className={classes["sure"]}>{t(`certainty_${alert.where_certainty}`)}</span>
    </>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  if (children === null || children === undefined || children === "") return null;
  return (
    <div className={classes["fact"]}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
