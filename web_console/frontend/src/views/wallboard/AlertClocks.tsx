import { useMemo } from "react";
import { Link } from "wouter";
import { openAlerts } from "../../data/alerts";
import { may, useUser } from "../../data/session";
import { useKnown } from "../../data/store";
import { LevelChip } from "../../ui/LevelChip";
import { Countdown, Timer } from "../../ui/Timer";
import { useWords } from "../../words/words";
import { useWhat } from "../dispatch/phrases";
import { Tile } from "./Tile";
import classes from "./Wallboard.module.css";

export function AlertClocks() {
  const t = useWords("wallboard");
  const words = useWords("dispatch");
  const whatOf = useWhat();
  const user = useUser();
  const known = useKnown((held) => held.alerts);
  const alerts = useMemo(() => openAlerts(known), [known]);
  const place = (id: string, contactId: string) => (may(user, "alert.dispatch") ? `/dispatch/${id}` : `/contacts/${contactId}`);
  return (
    <Tile area="alerts" title={t("alerts")} alarmed={alerts.length > 0} aside={<b className={classes["count"]}>{alerts.length}</b>}>
      {alerts.length === 0 ? <p className={classes["calm"]}>{t("no_alerts")}</p> : null}
      <ul className={classes["rows"]}>
        {alerts.map((alert) => (
          <li key={alert.id}>
            <Link href={alert.state === "proposed" ? `/contacts/${alert.contact_id}` : place(alert.id, alert.contact_id)} data-testid="wallboard-alert">
              <LevelChip level={alert.level} act={alert.act_in_progress} />
              <span className={classes["main"]}>
                <b>{whatOf(alert)}</b>
                <span>{words(`state_${alert.state}`)}</span>
              </span>
              <span className={classes["clock"]}>
                {alert.deadline && alert.deadline_for ? (
                  <>
                    <small>{words(`left_${alert.deadline_for}`)}</small>
                    <Countdown until={alert.deadline} />
                  </>
                ) : (
                  <Timer since={alert.raised_at ?? alert.created_at} />
                )}
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </Tile>
  );
}
