import { Button, Group, Modal, Text, Textarea } from "@mantine/core";
import { useState } from "react";
import { askForHelp, endContact } from "../../data/contactCommands";
import type { Contact } from "../../data/contacts";
import { useAct } from "../../ui/act";
import { useWords } from "../../words/words";

export type DialogName = "transfer" | "help" | "end" | "alert";

interface Props {
  contact: Contact;
  opened: boolean;
  onClose: () => void;
}

export function AskSupervisor({ contact, opened, onClose }: Props) {
  const t = useWords("desk");
  return (
    <NoteDialog
      opened={opened}
      onClose={onClose}
      title={t("ask_supervisor")}
      body={t("ask_supervisor_body")}
      label={t("ask_supervisor_note")}
      confirm={t("ask_supervisor")}
      onConfirm={(note) => askForHelp(contact.id, note)}
    />
  );
}

export function EndConversation({ contact, opened, onClose }: Props) {
  const t = useWords("desk");
  const call = contact.channel === "call";
  return (
    <NoteDialog
      opened={opened}
      onClose={onClose}
      title={t(call ? "hang_up" : "end")}
      body={t(call ? "hang_up_sure" : "end_sure")}
      confirm={t(call ? "hang_up" : "end")}
      onConfirm={() => endContact(contact.id)}
    />
  );
}

interface NoteProps {
  opened: boolean;
  onClose: () => void;
  title: string;
  body: string;
  /** Asks for an optional note under this label. */
  label?: string;
  confirm: string;
  onConfirm: (note: string) => Promise<unknown>;
}

/** Names the consequence. */
function NoteDialog({ opened, onClose, title, body, label, confirm, onConfirm }: NoteProps) {
  const words = useWords("ui");
  const [note, setNote] = useState("");
  const { act, busy } = useAct();
  const go = async () => {
    if (!(await act(() => onConfirm(note.trim())))) return;
    setNote("");
    onClose();
  };
  return (
    <Modal opened={opened} onClose={onClose} title={title} centered closeButtonProps={{ "aria-label": words("close") }}>
      <Text mb="md">{body}</Text>
      {label ? <Textarea label={label} value={note} onChange={(event) => setNote(event.currentTarget.value)} maxLength={2000} autosize minRows={2} data-testid="dialog-note" /> : null}
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={onClose}>
          {words("cancel")}
        </Button>
        <Button loading={busy} onClick={() => void go()} data-autofocus data-testid="dialog-confirm">
          {confirm}
        </Button>
      </Group>
    </Modal>
  );
}
