import { ActionIcon } from "@mantine/core";
import { Link } from "wouter";
import { type Alert, isOpen } from "../../data/alerts";
import { may, useUser } from "../../data/session";
import { Icon } from "../../ui/Icon";
import { LevelChip } from "../../ui/LevelChip";
import { Countdown, Timer } from "../../ui/Timer";
import { useWords } from "../../words/words";
import { AlertActions } from "./AlertActions";
import { AlertFacts } from "./AlertFacts";
import classes from "./AlertPanel.module.css";
import { Ladder } from "./Ladder";
import { useAssignedName, useWhat } from "./phrases";
import { Timeline } from "./Timeline";

/** One alert in full: what is to be done now, the facts, the ladder, what has happened. */
export function AlertPanel({ alert, onClose }: { alert: Alert; onClose: () => void }) {
  const t = useWords("dispatch");
  const user = useUser();
  const whatOf = useWhat();
  const assigned = useAssignedName()(alert);
  const open = isOpen(alert);
  return (
    <div className={classes["panel"]} data-testid="alert-panel">
      <header className={classes["header"]}>
        <LevelChip level={alert.level} act={alert.act_in_progress && open} />
        <span className={classes["state"]} data-testid="alert-state" data-state={alert.state}>
          {t(`state_${alert.state}`)}
        </span>
        <span className={classes["space"]} />
        <ActionIcon variant="subtle" color="gray" onClick={onClose} aria-label={t("close_panel")} data-testid="alert-close-panel">
          <Icon name="close" size={16} />
        </ActionIcon>
      </header>
      <h2 className={classes["what"]}>{whatOf(alert)}</h2>
      {open ? (
        <p className={classes["clock"]}>
          {t("since")} <Timer since={alert.raised_at ?? alert.created_at} />
          {alert.deadline && alert.deadline_for ? (
            <>
              {" · "}
              {t(`left_${alert.deadline_for}`)} <Countdown until={alert.deadline} />
            </>
          ) : null}
        </p>
      ) : (
        <p className={classes["clock"]}>
          {alert.outcome ? t(`outcome_${alert.outcome}`) : null} {alert.cancel_reason}
        </p>
      )}
      <AlertActions alert={alert} />
      <AlertFacts alert={alert} />
      <p className={classes["who"]}>
        {alert.acknowledged_by ? <span>{t("acknowledged_by", { name: alert.acknowledged_by.name })}</span> : null}
        {assigned ? <span data-testid="alert-assigned">{t("assigned_to", { name: assigned })}</span> : null}
        {may(user, "contact.supervise") ? (
          <Link href={`/contacts/${alert.contact_id}`} data-testid="alert-contact">
            {t("open_contact")}
          </Link>
        ) : null}
      </p>
      {open && alert.called.length > 0 ? <p data-testid="alert-called">{t("called", { names: alert.called.map((one) => one.name).join(" · ") })}</p> : null}
      <Ladder alert={alert} />
      <Timeline steps={alert.steps} />
    </div>
  );
}
