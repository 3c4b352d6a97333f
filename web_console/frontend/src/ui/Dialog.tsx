import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { type FormEvent, type ReactNode, useState } from "react";
import { useWords } from "../words/words";

interface Props {
  opened: boolean;
  onClose: () => void;
  title: string;
  /** What will happen, in words. */
  consequence?: string;
  confirm: string;
  /** Resolves to whether it was done: the dialog stays open, with everything typed, when it was not. */
  onConfirm: () => Promise<boolean>;
  disabled?: boolean;
  danger?: boolean;
  children?: ReactNode;
  testId?: string;
}

/** A question with fields. Like `Confirm`, for acts that need more than a reason. */
export function Dialog({ opened, onClose, title, consequence, confirm, onConfirm, disabled, danger, children, testId }: Props) {
  const t = useWords("ui");
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    const done = await onConfirm();
    setBusy(false);
    if (done) onClose();
  };
  return (
    <Modal opened={opened} onClose={onClose} title={title} centered closeButtonProps={{ "aria-label": t("close") }} {...(testId ? { "data-testid": testId } : {})}>
      <form onSubmit={(event) => void submit(event)}>
        <Stack gap="md">
          {consequence ? <Text>{consequence}</Text> : null}
          {children}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t("cancel")}
            </Button>
            <Button type="submit" loading={busy} disabled={disabled ?? false} {...(danger ? { color: "var(--imminent)" } : {})} data-testid="dialog-yes">
              {confirm}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
