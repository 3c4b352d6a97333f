import { useEffect, useState } from "react";
import type { AlertMove } from "../../data/alertCommands";
import { useAct } from "../../ui/act";
import { Dialog } from "../../ui/Dialog";
import { Icon } from "../../ui/Icon";
import { useWords } from "../../words/words";
import { Note } from "../dispatch/dialogs";
import classes from "./Team.module.css";

interface Props {
  opened: boolean;
  onClose: () => void;
  send: (move: AlertMove, facts: Record<string, unknown>) => Promise<unknown>;
}

/** The team itself needs help: an update that the board sees, and the police by telephone. */
export function SupportDialog({ opened, onClose, send }: Props) {
  const t = useWords("team");
  const { act } = useAct();
  const [note, setNote] = useState("");
  useEffect(() => {
    if (opened) setNote("");
  }, [opened]);
  return (
    <Dialog opened={opened} onClose={onClose} title={t("support_title")} consequence={t("support_body")} confirm={t("support_do")} danger onConfirm={() => act(() => send("update", { note: `${t("support_text")} ${note.trim()}`.trim() }))}>
      <a className={classes["link"]} href="tel:110">
        <Icon name="call" /> {t("support_call")}
      </a>
      <Note label={t("support_note")} value={note} onChange={setNote} testId="team-support-note" />
    </Dialog>
  );
}
