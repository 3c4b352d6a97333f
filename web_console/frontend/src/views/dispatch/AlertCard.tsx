import { Button } from "@mantine/core";
import type { KeyboardEvent } from "react";
import { moveAlert } from "../../data/alertCommands";
import { type Alert, isOpen } from "../../data/alerts";
import { allows, lastStepAt, rings } from "../../data/dispatch";
import { useAct } from "../../ui/act";
import { Icon, type IconName } from "../../ui/Icon";
import { LevelChip } from "../../ui/LevelChip";
import { Countdown, Timer } from "../../ui/Timer";
import { useLanguage, useWords } from "../../words/words";
import classes from "./AlertCard.module.css";
import { Place } from "./AlertFacts";
import { useAssignedName, useWhat, whoIsWith } from "./phrases";

interface Props {
  alert: Alert;
  selected: boolean;
  ringing: boolean;
  onOpen: () => void;
  onSeen: () => void;
}

/** In this order: what, where and how sure, since when, who is with the person, what is asked, time left. */
export function AlertCard({ alert, selected, ringing, onOpen, onSeen }: Props) {
  const t = useWords("dispatch");
  const nameOf = useAssignedName();
  const whatOf = useWhat();
  const { act, busy } = useAct();
  const open = isOpen(alert);
  const acknowledge = () => {
    onSeen();
    void act(() => moveAlert(alert, "acknowledge"));
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.key.toLowerCase() !== "a" || event.ctrlKey || event.metaKey || event.altKey || !allows(alert, "acknowledge")) return;
    event.preventDefault();
    acknowledge();
  };
  const assigned = nameOf(alert);
  return (
    <li className={`${classes["card"]} ${ringing ? classes["ringing"] : ""} ${selected ? classes["selected"] : ""}`} onKeyDown={onKeyDown} data-testid="alert-card" data-state={alert.state} data-alert={alert.id} data-ringing={ringing || undefined}>
      <div className={classes["top"]}>
        <LevelChip level={alert.level} act={alert.act_in_progress && open} />
        <span className={classes["state"]}>{t(`state_${alert.state}`)}</span>
      </div>
      <button type="button" className={classes["what"]} data-card onClick={onOpen} onFocus={onSeen} aria-pressed={selected}>
        {whatOf(alert)}
      </button>
      <Line icon="place">
        <Place alert={alert} t={t} />
      </Line>
      {open ? (
        <>
          <Line icon="clock">
            {t("since")} <Timer since={alert.raised_at ?? alert.created_at} />
          </Line>
          <Line icon="chat">{whoIsWith(t, alert)}</Line>
          <Line icon="wave">
            {alert.asked ? t(`asked_${alert.asked}`) : t("asked_none")} · {t(`target_${alert.target}`)}
          </Line>
        </>
      ) : (
        <Ended alert={alert} />
      )}
      {assigned ? <Line icon="person">{t("assigned_to", { name: assigned })}</Line> : null}
      {open && alert.deadline && alert.deadline_for ? (
        <div className={classes["left"]} data-testid="alert-left">
          {t(`left_${alert.deadline_for}`)} <Countdown until={alert.deadline} />
        </div>
      ) : null}
      {rings(alert) && alert.called.length > 0 ? <Line icon="bell">{t("called", { names: alert.called.map((one) => one.name).join(" · ") })}</Line> : null}
      {allows(alert, "acknowledge") ? (
        <Button size="sm" fullWidth loading={busy} onClick={acknowledge} className={classes["button"] ?? ""} data-testid="alert-acknowledge">
          {t("acknowledge_key")}
        </Button>
      ) : null}
      {allows(alert, "confirm") ? (
        <Button size="sm" fullWidth loading={busy} onClick={() => void act(() => moveAlert(alert, "confirm"))} className={classes["button"] ?? ""} data-testid="alert-confirm">
          {t("confirm")}
        </Button>
      ) : null}
    </li>
  );
}

function Ended({ alert }: { alert: Alert }) {
  const t = useWords("dispatch");
  const language = useLanguage();
  const at = new Date(lastStepAt(alert)).toLocaleTimeString(language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  return (
    <Line icon="check">
      {alert.outcome ? t(`outcome_${alert.outcome}`) : t(`state_${alert.state}`)} · <span className="tabular">{at}</span>
    </Line>
  );
}

function Line({ icon, children }: { icon: IconName; children: React.ReactNode }) {
  return (
    <div className={classes["line"]}>
      <Icon name={icon} size={15} />
      <span>{children}</span>
    </div>
  );
}
