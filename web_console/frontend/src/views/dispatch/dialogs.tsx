import { Select, Textarea, TextInput } from "@mantine/core";
import { useEffect, useState } from "react";
import { type AlertMove, moveAlert } from "../../data/alertCommands";
import type { Alert } from "../../data/alerts";
import { OUTCOMES } from "../../data/dispatch";
import { useAct } from "../../ui/act";
import { Dialog } from "../../ui/Dialog";
import { useWords } from "../../words/words";

interface Shared {
  alert: Alert;
  opened: boolean;
  onClose: () => void;
  /** How the move is sent, where not straight to the server (the team's phone keeps it without a network). */
  send?: (move: AlertMove, facts: Record<string, unknown>) => Promise<unknown>;
}

function useSend({ alert, send }: Pick<Shared, "alert" | "send">) {
  const { act } = useAct();
  return (move: AlertMove, facts: Record<string, unknown> = {}) => act(() => (send ? send(move, facts) : moveAlert(alert, move, facts)));
}

/** A text that begins empty each time the dialog opens. */
function useFresh(opened: boolean): [string, (text: string) => void] {
  const [text, setText] = useState("");
  useEffect(() => {
    if (opened) setText("");
  }, [opened]);
  return [text, setText];
}

const given = (fields: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(fields).flatMap(([name, text]) => (text.trim() ? [[name, text.trim()]] : [])));

export function Note({ label, value, onChange, required = false, testId }: { label: string; value: string; onChange: (text: string) => void; required?: boolean; testId: string }) {
  return <Textarea label={label} value={value} onChange={(event) => onChange(event.currentTarget.value)} maxLength={2000} autosize minRows={2} required={required} data-autofocus data-testid={testId} />;
}

export function PoliceDialog(shared: Shared) {
  const t = useWords("dispatch");
  const send = useSend(shared);
  return <Dialog {...shared} title={t("to_police_title")} consequence={t("to_police_body")} confirm={t("to_police_do")} onConfirm={() => send("hand_over_to_police")} />;
}

interface ReasonProps extends Shared {
  move: AlertMove;
  title: string;
  consequence: string;
  label: string;
  danger: boolean;
}

export function ReasonDialog({ move, label, ...shared }: ReasonProps) {
  const [reason, setReason] = useFresh(shared.opened);
  const send = useSend(shared);
  return (
    <Dialog {...shared} confirm={shared.title} disabled={reason.trim() === ""} onConfirm={() => send(move, { reason: reason.trim() })}>
      <Note label={label} value={reason} onChange={setReason} required testId="alert-reason" />
    </Dialog>
  );
}

export function UpdateDialog(shared: Shared) {
  const t = useWords("dispatch");
  const [note, setNote] = useFresh(shared.opened);
  const [where, setWhere] = useFresh(shared.opened);
  const [certainty, setCertainty] = useState<string | null>(null);
  const send = useSend(shared);
  const facts = given({ note, where, ...(where.trim() && certainty ? { where_certainty: certainty } : {}) });
  return (
    <Dialog {...shared} title={t("update_title")} consequence={t("update_body")} confirm={t("update_do")} disabled={Object.keys(facts).length === 0} onConfirm={() => send("update", facts)}>
      <Note label={t("update_note")} value={note} onChange={setNote} testId="alert-update-note" />
      <TextInput label={t("update_where")} value={where} onChange={(event) => setWhere(event.currentTarget.value)} maxLength={2000} data-testid="alert-update-where" />
      {where.trim() ? (
        <Select label={t("update_certainty")} value={certainty} onChange={setCertainty} data={(["exact", "approximate", "unknown"] as const).map((value) => ({ value, label: t(`certainty_${value}`) }))} comboboxProps={{ withinPortal: true }} />
      ) : null}
    </Dialog>
  );
}

export function HandedOverDialog(shared: Shared) {
  const t = useWords("dispatch");
  const [note, setNote] = useFresh(shared.opened);
  const send = useSend(shared);
  return (
    <Dialog {...shared} title={t("handed_over_title")} consequence={t("handed_over_body")} confirm={t("handed_over")} onConfirm={() => send("handed_over", given({ note }))}>
      <Note label={t("note_optional")} value={note} onChange={setNote} testId="alert-note" />
    </Dialog>
  );
}

export function CloseDialog(shared: Shared) {
  const t = useWords("dispatch");
  const [note, setNote] = useFresh(shared.opened);
  const [outcome, setOutcome] = useFresh(shared.opened);
  const send = useSend(shared);
  return (
    <Dialog {...shared} title={t("close_title")} consequence={t("close_body")} confirm={t("close_do")} disabled={outcome === ""} onConfirm={() => send("close", { outcome, ...given({ note }) })}>
      <Outcomes value={outcome} onChange={setOutcome} />
      <Note label={t("close_note")} value={note} onChange={setNote} testId="alert-note" />
    </Dialog>
  );
}

/** All outcomes in sight, as buttons: one press, also with a thumb. */
function Outcomes({ value, onChange }: { value: string; onChange: (outcome: string) => void }) {
  const t = useWords("dispatch");
  return (
    <fieldset style={{ border: 0, padding: 0, margin: 0 }}>
      <legend style={{ padding: 0, marginBottom: 6 }}>{t("close_outcome")}</legend>
      <div style={{ display: "grid", gridTemplateColumns: "1fr 1fr", gap: 8 }}>
        {OUTCOMES.map((outcome) => (
          <label key={outcome} style={{ display: "flex", gap: 8, alignItems: "center", padding: "10px 12px", border: `1px solid var(${value === outcome ? "--accent" : "--rule"})`, borderRadius: 8, cursor: "pointer" }}>
            <input type="radio" name="outcome" value={outcome} checked={value === outcome} onChange={() => onChange(outcome)} style={{ accentColor: "var(--accent)" }} data-testid={`outcome-${outcome}`} />
            {t(`outcome_${outcome}`)}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
