import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import type { AlertMove } from "../../data/alertCommands";
import { type Alert, isOpen } from "../../data/alerts";
import { allows } from "../../data/dispatch";
import { fieldReports } from "../../data/fieldOutbox";
import { callLink, mapLink } from "../../data/places";
import { Icon } from "../../ui/Icon";
import { LevelChip } from "../../ui/LevelChip";
import { Countdown } from "../../ui/Timer";
import { serverNow } from "../../wire/serverClock";
import { useWords } from "../../words/words";
import { AlertFacts } from "../dispatch/AlertFacts";
import { CloseDialog, HandedOverDialog, ReasonDialog, UpdateDialog } from "../dispatch/dialogs";
import { Timeline } from "../dispatch/Timeline";
import { useWhat } from "../dispatch/phrases";
import { Steps } from "./Steps";
import { SupportDialog } from "./SupportDialog";
import classes from "./Team.module.css";

type Asking = "handed_over" | "close" | "decline" | "update" | "support";

interface Props {
  alert: Alert;
  /** With what is not sent yet. */
  seen: Alert;
  onSeen: () => void;
}

/** One call-out: where and what, the four steps, how to reach the person and support. */
export function CallOut({ alert, seen, onSeen }: Props) {
  const t = useWords("team");
  const facts = useWords("dispatch");
  const whatOf = useWhat();
  const [asking, setAsking] = useState<Asking | null>(null);
  const report = (move: AlertMove, given: Record<string, unknown> = {}) => fieldReports.add(alert.id, move, given, new Date(serverNow()));
  const open = isOpen(seen);
  return (
    <article className={classes["callout"]} onPointerDown={onSeen} onFocus={onSeen} data-testid="team-callout" data-state={alert.state}>
      <div className={classes["top"]}>
        <LevelChip level={alert.level} act={alert.act_in_progress && open} />
        <span>{open ? facts(`state_${seen.state}`) : t("ended")}</span>
        {open && alert.deadline && alert.deadline_for ? (
          <span className={classes["left"]}>
            {facts(`left_${alert.deadline_for}`)} <Countdown until={alert.deadline} />
          </span>
        ) : null}
      </div>
      <h2>{whatOf(alert)}</h2>
      <Reach alert={alert} />
      <Steps seen={seen} onStep={(move) => (move === "en_route" || move === "on_scene" ? void report(move) : setAsking(move))} />
      {open ? (
        <div className={classes["others"]}>
          {allows(seen, "confirm_contact") ? (
            <Button size="md" variant="default" onClick={() => void report("confirm_contact")} data-testid="team-contact-made">
              {t("contact_made")}
            </Button>
          ) : null}
          <Button size="md" variant="default" onClick={() => setAsking("update")} data-testid="team-update">
            {t("update")}
          </Button>
          <Button size="md" variant="default" onClick={() => setAsking("support")} data-testid="team-support">
            {t("support")}
          </Button>
          {allows(seen, "decline") ? (
            <Button size="md" variant="subtle" color="gray" onClick={() => setAsking("decline")} data-testid="team-decline">
              {t("decline")}
            </Button>
          ) : null}
        </div>
      ) : null}
      <AlertFacts alert={alert} compact />
      <Timeline steps={alert.steps} />
      <HandedOverDialog alert={alert} opened={asking === "handed_over"} onClose={() => setAsking(null)} send={report} />
      <CloseDialog alert={alert} opened={asking === "close"} onClose={() => setAsking(null)} send={report} />
      <UpdateDialog alert={alert} opened={asking === "update"} onClose={() => setAsking(null)} send={report} />
      <ReasonDialog alert={alert} opened={asking === "decline"} onClose={() => setAsking(null)} send={report} move="decline" title={t("decline_title")} consequence={t("decline_body")} label={facts("decline_reason")} danger={false} />
      <SupportDialog opened={asking === "support"} onClose={() => setAsking(null)} send={report} />
    </article>
  );
}

/** The map and the telephone: the two things one needs with one hand. */
function Reach({ alert }: { alert: Alert }) {
  const t = useWords("team");
  const call = alert.callback ? callLink(alert.callback) : null;
  const copy = async (place: string) => {
    await navigator.clipboard.writeText(place);
    notifications.show({ message: t("copied"), color: "gray", withBorder: true });
  };
  return (
    <div className={classes["reach"]}>
      {alert.where ? (
        <>
          <a className={classes["link"]} href={mapLink(alert.where, navigator.userAgent)} target="_blank" rel="noreferrer" data-testid="team-map">
            <Icon name="place" /> {t("map")}
          </a>
          {typeof navigator.clipboard === "undefined" ? null : (
            <button type="button" className={classes["link"]} onClick={() => void copy(alert.where!)} data-testid="team-copy-place">
              <Icon name="note" /> {t("copy_place")}
            </button>
          )}
        </>
      ) : null}
      {call ? (
        <a className={classes["link"]} href={call} data-testid="team-callback">
          <Icon name="call" /> {t("callback", { number: alert.callback! })}
        </a>
      ) : null}
    </div>
  );
}
