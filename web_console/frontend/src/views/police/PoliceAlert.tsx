import { Button } from "@mantine/core";
import { useState } from "react";
import { moveAlert } from "../../data/alertCommands";
import { type Alert, isOpen } from "../../data/alerts";
import { allows, nextFieldMove } from "../../data/dispatch";
import { useAct } from "../../ui/act";
import { LevelChip } from "../../ui/LevelChip";
import { Countdown, Timer } from "../../ui/Timer";
import { useWords } from "../../words/words";
import { AlertFacts } from "../dispatch/AlertFacts";
import { CloseDialog, HandedOverDialog, ReasonDialog, UpdateDialog } from "../dispatch/dialogs";
import { useWhat } from "../dispatch/phrases";
import { Timeline } from "../dispatch/Timeline";
import classes from "./Police.module.css";

export function PoliceAlert({ alert, ringing, onSeen }: { alert: Alert; ringing: boolean; onSeen: () => void }) {
  const t = useWords("police");
  const facts = useWords("dispatch");
  const whatOf = useWhat();
  const open = isOpen(alert);
  const handed = alert.steps.findLast((step) => step.kind === "handed_to_police");
  return (
    <article className={classes["alert"]} onPointerDown={onSeen} onFocus={onSeen} data-ringing={ringing || undefined} data-testid="police-alert" data-state={alert.state} data-alert={alert.id}>
      <div className={classes["top"]}>
        <LevelChip level={alert.level} act={alert.act_in_progress && open} />
        <span>{facts(`state_${alert.state}`)}</span>
        {handed?.actor ? (
          <span>
            {t("handed_by")} {handed.actor.name}
          </span>
        ) : null}
        {open ? (
          <span>
            {facts("since")} <Timer since={alert.raised_at ?? alert.created_at} />
          </span>
        ) : null}
        {open && alert.deadline && alert.deadline_for ? (
          <span className={classes["left"]}>
            {facts(`left_${alert.deadline_for}`)} <Countdown until={alert.deadline} />
          </span>
        ) : null}
      </div>
      <h3>{whatOf(alert)}</h3>
      <AlertFacts alert={alert} />
      {open ? <Acts alert={alert} onSeen={onSeen} /> : <p>{alert.outcome ? facts(`outcome_${alert.outcome}`) : alert.cancel_reason}</p>}
      <details>
        <summary>{facts("timeline")}</summary>
        <Timeline steps={alert.steps} />
      </details>
    </article>
  );
}

function Acts({ alert, onSeen }: { alert: Alert; onSeen: () => void }) {
  const t = useWords("police");
  const facts = useWords("dispatch");
  const [asking, setAsking] = useState<"handed_over" | "close" | "update" | "decline" | null>(null);
  const { act, busy } = useAct();
  const next = nextFieldMove(alert);
  const word = { en_route: t("accept"), on_scene: facts("on_scene"), handed_over: facts("handed_over"), close: facts("close") };
  const go = () => {
    onSeen();
    if (next === "en_route" || next === "on_scene") void act(() => moveAlert(alert, next));
    else setAsking(next);
  };
  const shared = { alert, onClose: () => setAsking(null) };
  return (
    <div className={classes["acts"]}>
      {next ? (
        <Button onClick={go} loading={busy} data-testid={`police-${next}`}>
          {word[next]}
        </Button>
      ) : null}
      {allows(alert, "confirm_contact") ? (
        <Button variant="default" loading={busy} onClick={() => void act(() => moveAlert(alert, "confirm_contact"))}>
          {facts("confirm_contact")}
        </Button>
      ) : null}
      <Button variant="default" onClick={() => setAsking("update")} data-testid="police-update">
        {facts("update")}
      </Button>
      {next !== "close" && allows(alert, "close") ? (
        <Button variant="default" onClick={() => setAsking("close")} data-testid="police-close-early">
          {facts("close")}
        </Button>
      ) : null}
      {allows(alert, "decline") ? (
        <Button variant="subtle" color="gray" onClick={() => setAsking("decline")} data-testid="police-decline">
          {t("decline")}
        </Button>
      ) : null}
      <HandedOverDialog {...shared} opened={asking === "handed_over"} />
      <CloseDialog {...shared} opened={asking === "close"} />
      <UpdateDialog {...shared} opened={asking === "update"} />
      <ReasonDialog {...shared} opened={asking === "decline"} move="decline" title={t("decline_title")} consequence={t("decline_body")} label={facts("decline_reason")} danger={false} />
    </div>
  );
}
