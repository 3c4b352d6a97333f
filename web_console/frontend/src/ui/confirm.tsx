import { Button, Group, Modal, Text, Textarea } from "@mantine/core";
import { useState } from "react";
import { useWords } from "../words/words";

export interface Question {
  title: string;
  /** What will happen, in words. */
  consequence: string;
  confirm: string;
  /** Ask for a reason, under this label; the answer cannot be given without one. */
  reason?: string;
  danger?: boolean;
}

interface Props extends Question {
  opened: boolean;
  onConfirm: (reason: string) => void | Promise<unknown>;
  onClose: () => void;
}

/** Destructive and outward acts are confirmed in words that name the consequence. */
export function Confirm({ opened, title, consequence, confirm, reason, danger, onConfirm, onClose }: Props) {
  const t = useWords("ui");
  const [why, setWhy] = useState("");
  const [busy, setBusy] = useState(false);
  const missing = reason !== undefined && why.trim() === "";
  const act = async () => {
    setBusy(true);
    try {
      // `useAct` answers false where the server refused: the question then stays, with what was written.
      if ((await onConfirm(why.trim())) === false) return;
      setWhy("");
      onClose();
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal opened={opened} onClose={onClose} title={title} centered closeButtonProps={{ "aria-label": t("close") }}>
      <Text mb="md">{consequence}</Text>
      {reason !== undefined ? (
        <Textarea label={reason} value={why} onChange={(event) => setWhy(event.currentTarget.value)} maxLength={2000} autosize minRows={2} required data-autofocus data-testid="confirm-reason" />
      ) : null}
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={onClose}>
          {t("cancel")}
        </Button>
        <Button {...(danger ? { color: "var(--imminent)" } : {})} loading={busy} disabled={missing} onClick={() => void act()} data-testid="confirm-yes">
          {confirm}
        </Button>
      </Group>
    </Modal>
  );
}
