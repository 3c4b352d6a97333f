import { Button, NativeSelect, Popover, SegmentedControl } from "@mantine/core";
import { useState } from "react";
import { may, useUser } from "../../data/session";
import { setPresence } from "../../data/presenceCommands";
import type { Presence } from "../../data/presences";
import { useKnown } from "../../data/store";
import { useAct } from "../../ui/act";
import { Countdown, Timer } from "../../ui/Timer";
import { useWords } from "../../words/words";
import classes from "./StatusBar.module.css";

const BREAKS_MINUTES = ["5", "10", "15", "30", "60"];
/** Codes, not words: a reason stands in the journal. */
const REASONS = ["break", "meal", "debrief", "training", "meeting", "technical", "other"] as const;

/** My status, how long it has lasted, and what comes after it. Only for those who take contacts. */
export function PresenceMenu() {
  const t = useWords("shell");
  const user = useUser();
  const me = useKnown((known) => known.presences[user.id]);
  const [open, setOpen] = useState(false);
  if (!may(user, "presence.own") || !me) return null;
  return (
    <Popover opened={open} onChange={setOpen} position="bottom-start" shadow="md" trapFocus>
      <Popover.Target>
        <button type="button" className={classes["presence"]} onClick={() => setOpen(!open)} aria-expanded={open} data-testid="presence" data-state={me.state}>
          <span className={`${classes["dot"]} ${classes[`dot_${me.state}`]}`} />
          <span className="visually-hidden">{t("presence")}: </span>
          {t(`presence_${shownState(me)}`)}
          <Aside me={me} />
          {me.state === "on_break" && me.until ? <Countdown until={me.until} /> : <Timer since={me.since} />}
        </button>
      </Popover.Target>
      <Popover.Dropdown p={0}>
        <PresenceForm me={me} onDone={() => setOpen(false)} />
      </Popover.Dropdown>
    </Popover>
  );
}

/** "Available" is said only of whoever may be offered something. */
function shownState(me: Presence): Presence["state"] | "writing_up" | "resting" | "busy" {
  if (me.state !== "available" || me.chats_withheld === null || me.chats_withheld === "away") return me.state;
  if (me.chats_withheld === "wrap_up") return "writing_up";
  return me.chats_withheld === "resting" ? "resting" : "busy";
}

/** Beside the state, in the bar: what is not offered now. */
function Aside({ me }: { me: Presence }) {
  const words = useWords("switchboard");
  if (me.state !== "available") return null;
  if (me.chats_withheld === "wrap_up" || me.chats_withheld === "resting") return null;
  if (me.chats_withheld) return <small className={classes["withheld"]}>{words(`why_${me.chats_withheld}`)}</small>;
  return me.calls_withheld === "wrap_up" ? <small className={classes["withheld"]}>{words("only_chats")}</small> : null;
}

/** Available, and yet offered nothing, or no calls: why, and what ends it. */
function Withheld({ me }: { me: Presence }) {
  const t = useWords("switchboard");
  if (me.state !== "available") return null;
  if (me.chats_withheld) return <p data-testid="presence-withheld">{t("withheld", { why: t(`why_${me.chats_withheld}`) })}</p>;
  return me.calls_withheld ? <p data-testid="presence-withheld">{t("withheld_calls", { why: t(`why_${me.calls_withheld}`) })}</p> : null;
}

function PresenceForm({ me, onDone }: { me: Presence; onDone: () => void }) {
  const { state } = me;
  const t = useWords("shell");
  const words = useWords("switchboard");
  const [minutes, setMinutes] = useState("15");
  const [reason, setReason] = useState<(typeof REASONS)[number]>("break");
  const { act, busy } = useAct();
  const become = (change: Parameters<typeof setPresence>[0]) => void act(() => setPresence(change)).then((done) => done && onDone());
  return (
    <div className={classes["form"]}>
      {state === "not_ready" ? <p style={{ margin: 0 }}>{t("presence_not_ready_help")}</p> : null}
      <Withheld me={me} />
      {state === "available" && me.rest_until ? (
        <>
          <p>
            {words("resting")} <Countdown until={me.rest_until} />
          </p>
          <Button variant="default" onClick={() => become({ state: "available" })} loading={busy} data-testid="presence-rest-end">
            {words("rest_end")}
          </Button>
        </>
      ) : null}
      {state === "available" ? null : (
        <Button onClick={() => become({ state: "available" })} loading={busy} data-testid="presence-available">
          {t("go_available")}
        </Button>
      )}
      <SegmentedControl
        value={minutes}
        onChange={setMinutes}
        data={BREAKS_MINUTES.map((value) => ({ value, label: t("break_minutes", { n: value }) }))}
        size="xs"
        aria-label={t("break_how_long")}
      />
      <NativeSelect
        label={t("break_reason")}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value as (typeof REASONS)[number])}
        data={REASONS.map((value) => ({ value, label: t(`reason_${value}`) }))}
        size="xs"
        data-testid="presence-reason"
      />
      <Button variant="default" loading={busy} onClick={() => become({ state: "on_break", reason, minutes: Number(minutes) })} data-testid="presence-break">
        {t("break_start")}
      </Button>
      {state === "offline" ? null : (
        <Button variant="subtle" color="gray" loading={busy} onClick={() => become({ state: "offline" })} data-testid="presence-offline">
          {t("go_offline")}
        </Button>
      )}
    </div>
  );
}
