import { Button } from "@mantine/core";
import { useMemo } from "react";
import { useLocation } from "wouter";
import { moveAlert } from "../../data/alertCommands";
import { openAlerts } from "../../data/alerts";
import { ringsFor } from "../../data/dispatch";
import { useUser } from "../../data/session";
import { useKnown } from "../../data/store";
import { useAct } from "../../ui/act";
import { LevelChip } from "../../ui/LevelChip";
import { Countdown } from "../../ui/Timer";
import { useWords } from "../../words/words";
import classes from "../overlays/overlays.module.css";
import { useWhat } from "./phrases";
import { useRinging } from "./useRinging";

/** An alert has climbed to this person while they are elsewhere in the console: it rings there too. On the board the board rings. */
export function RaisedAlerts() {
  const [location] = useLocation();
  return location.startsWith("/dispatch") ? null : <Bar />;
}

function Bar() {
  const t = useWords("dispatch");
  const words = useWords("wallboard");
  const user = useUser();
  const [, go] = useLocation();
  const whatOf = useWhat();
  const { act, busy } = useAct();
  const known = useKnown((held) => held.alerts);
  const calling = useMemo(() => openAlerts(known).filter((alert) => alert.state === "raised" && ringsFor(user, alert)), [known, user]);
  const { unseen, see } = useRinging(calling);
  const first = unseen[0];
  if (!first) return null;
  return (
    <section className={`${classes["offer"]} ${classes["proposed"]}`} aria-label={words("raised_bar")} data-testid="raised-alert" data-alert={first.id}>
      <div className={classes["facts"]}>
        <LevelChip level={first.level} act={first.act_in_progress} />
        <b>{words("raised_bar")}</b>
        <span className={classes["why"]}>{whatOf(first)}</span>
        {unseen.length > 1 ? <span>{words("raised_more", { n: unseen.length - 1 })}</span> : null}
      </div>
      <div className={classes["answers"]}>
        {first.deadline ? (
          <span>
            <span className={classes["within"]}>{t("left_acknowledge")} </span>
            <b className={classes["left"]}>
              <Countdown until={first.deadline} />
            </b>
          </span>
        ) : null}
        <Button loading={busy} onClick={() => void act(() => moveAlert(first, "acknowledge"))} data-testid="raised-acknowledge">
          {t("acknowledge")}
        </Button>
        <Button className={classes["wide"]!} variant="default" onClick={() => go(`/dispatch/${first.id}`)} data-testid="raised-open">
          {words("open_board")}
        </Button>
        <Button variant="subtle" color="gray" onClick={() => see(unseen)} data-testid="raised-silence">
          {t("silence")}
        </Button>
      </div>
    </section>
  );
}
