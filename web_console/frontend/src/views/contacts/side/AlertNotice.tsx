import { Button, Group, Textarea } from "@mantine/core";
import { useMemo, useState } from "react";
import { moveAlert } from "../../../data/alertCommands";
import { type Alert, isOpen } from "../../../data/alerts";
import type { Contact } from "../../../data/contacts";
import { useKnown } from "../../../data/store";
import { useAct } from "../../../ui/act";
import { Confirm } from "../../../ui/confirm";
import { useLanguage, useWords } from "../../../words/words";
import { stepWord } from "../../dispatch/phrases";
import { clockTime } from "../naming";
import classes from "./side.module.css";

/** The counselor sees each step of the help that was asked for, and can tell those who come more. */
export function AlertNotice({ contact }: { contact: Contact }) {
  const alerts = useKnown((known) => known.alerts);
  const latest = useMemo(
    () =>
      Object.values(alerts)
        .filter((alert) => alert.contact_id === contact.id)
        .sort((a, b) => b.created_at.localeCompare(a.created_at))[0],
    [alerts, contact.id],
  );
  return latest ? <Notice alert={latest} /> : null;
}

function Notice({ alert }: { alert: Alert }) {
  const t = useWords("desk");
  const phrases = useWords("dispatch");
  const language = useLanguage();
  const state = t(`alert_state_${alert.state}`, { who: alert.assigned_to?.name ?? "" });
  return (
    <section className={classes["alert"]} data-testid="alert-notice" data-state={alert.state}>
      <p>
        <b>{t("alert_open", { state })}</b> · {t(`target_${alert.target}`)}
      </p>
      <ol data-testid="alert-steps">
        {alert.steps.map((step, index) => {
          return (
            <li key={index}>
              <time dateTime={step.at}>{clockTime(step.at, language)}</time> {stepWord(phrases, step)}
              {step.actor ? ` · ${step.actor.name}` : ""}
              {step.note ? ` · ${step.note}` : ""}
            </li>
          );
        })}
      </ol>
      {isOpen(alert) && alert.state !== "proposed" ? <Follow alert={alert} /> : null}
    </section>
  );
}

function Follow({ alert }: { alert: Alert }) {
  const t = useWords("desk");
  const [note, setNote] = useState("");
  const [cancelling, setCancelling] = useState(false);
  const { act, busy } = useAct();
  const send = async () => {
    if (await act(() => moveAlert(alert, "update", { note: note.trim() }))) setNote("");
  };
  return (
    <>
      <Textarea label={t("alert_update")} placeholder={t("alert_update_note")} value={note} onChange={(event) => setNote(event.currentTarget.value)} maxLength={2000} autosize minRows={1} data-testid="alert-update-note" />
      <Group gap="xs" mt={6}>
        <Button size="compact-sm" disabled={note.trim() === ""} loading={busy} onClick={() => void send()} data-testid="alert-update-send">
          {t("alert_update_send")}
        </Button>
        <Button size="compact-sm" variant="subtle" color="gray" onClick={() => setCancelling(true)} data-testid="alert-cancel">
          {t("alert_cancel")}
        </Button>
      </Group>
      <Confirm
        opened={cancelling}
        title={t("alert_cancel")}
        consequence={t("alert_cancel_body")}
        confirm={t("alert_cancel")}
        reason={t("alert_cancel_reason")}
        onConfirm={(reason) => act(() => moveAlert(alert, "cancel", { reason }))}
        onClose={() => setCancelling(false)}
      />
    </>
  );
}
