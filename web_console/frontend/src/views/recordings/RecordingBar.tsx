import { Button } from "@mantine/core";
import { useState } from "react";
import { canAct } from "../../data/calls";
import type { Contact } from "../../data/contacts";
import { answerConsent, canPause, canResume, pauseRecording, type RecordingState, stateOf } from "../../data/recordings";
import { useUser } from "../../data/session";
import { useAct } from "../../ui/act";
import { Confirm } from "../../ui/confirm";
import { useWords } from "../../words/words";
import { holds } from "../contacts/access";
import classes from "./recordings.module.css";

const CERTAIN: readonly (RecordingState | null)[] = ["recording", "pausing", "not_paused"];
const WARNS: readonly (RecordingState | null)[] = ["failed", "not_running"];

/** Whether this call is being recorded right now, and the counselor's say in it. Nothing where the service records no calls. */
export function RecordingBar({ contact }: { contact: Contact }) {
  const t = useWords("recordings");
  const user = useUser();
  if (!contact.recording?.policy || contact.state !== "active") return null;
  const state = stateOf(contact);
  const said = state ? t(`state_${state}`) : contact.recording.consent === null ? t("not_asked") : t(contact.recording.consent ? "none" : "refused");
  return (
    <div
      className={classes["bar"]}
      data-certain={CERTAIN.includes(state) || undefined}
      data-warns={WARNS.includes(state) || undefined}
      data-state={state ?? "none"}
      data-testid="recording-bar"
    >
      <span className={classes["state"]} role="status">
        <span className={classes["dot"]} aria-hidden />
        {said}
      </span>
      {holds(user, contact) && canAct(contact) ? <Acts contact={contact} state={state} /> : null}
    </div>
  );
}

function Acts({ contact, state }: { contact: Contact; state: RecordingState | null }) {
  const t = useWords("recordings");
  const { act, busy } = useAct();
  const [asking, setAsking] = useState(false);
  const consent = contact.recording?.consent;
  const tells = (agreed: boolean) => act(() => answerConsent(contact.id, agreed));
  const button = (key: "pause" | "resume" | "agreed" | "disagreed", go: () => Promise<unknown>) => (
    <Button size="compact-xs" variant="default" loading={busy} onClick={() => void go()} data-testid={`recording-${key}`}>
      {t(key)}
    </Button>
  );
  return (
    <div className={classes["acts"]}>
      {canPause(state) ? button("pause", () => act(() => pauseRecording(contact.id, true))) : null}
      {canResume(state) ? button("resume", () => act(() => pauseRecording(contact.id, false))) : null}
      {consent !== true ? button("agreed", () => tells(true)) : null}
      {consent === null ? button("disagreed", () => tells(false)) : null}
      {consent === true ? (
        <Button size="compact-xs" variant="default" onClick={() => setAsking(true)} data-testid="recording-withdraw">
          {t("withdraw")}
        </Button>
      ) : null}
      <Confirm opened={asking} title={t("withdraw")} consequence={t("withdraw_sure")} confirm={t("withdraw")} danger onConfirm={() => tells(false)} onClose={() => setAsking(false)} />
    </div>
  );
}
