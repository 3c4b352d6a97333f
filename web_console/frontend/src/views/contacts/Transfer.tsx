import { Button, Group, Modal, Radio, Stack, Text, Textarea } from "@mantine/core";
import { useState } from "react";
import { transferContact } from "../../data/contactCommands";
import type { Contact } from "../../data/contacts";
import { useAct } from "../../ui/act";
import { useWords } from "../../words/words";
import { HandOverReason, needsReason } from "./HandOverReason";
import { TransferWishes, type Wishes } from "./TransferWishes";
import { useReceivers } from "./useReceivers";

const QUEUE = "queue";

export function Transfer({ contact, opened, onClose }: { contact: Contact; opened: boolean; onClose: () => void }) {
  const t = useWords("desk");
  const words = useWords("ui");
  const shell = useWords("shell");
  const people = useReceivers(contact, opened) ?? [];
  const [to, setTo] = useState(QUEUE);
  const [reason, setReason] = useState("");
  const [wishes, setWishes] = useState<Wishes>({ skills: contact.skills, wished_counselor_id: null });
  const [override, setOverride] = useState("");
  const asked = needsReason(
    people.find((one) => one.id === to),
    contact,
  );
  const { act, busy } = useAct();
  const go = async () => {
    const staff = { to_staff_id: to, ...(asked ? { override: override.trim() } : {}) };
    const done = await act(() => transferContact(contact.id, to === QUEUE ? { to: QUEUE, ...wishes } : staff, reason.trim()));
    if (done) onClose();
  };
  return (
    <Modal opened={opened} onClose={onClose} title={t("transfer_title")} centered closeButtonProps={{ "aria-label": words("close") }}>
      <Stack gap="md">
        <Text>{t("transfer_body")}</Text>
        <Radio.Group label={t("transfer_to")} value={to} onChange={setTo}>
          <Stack gap={8} mt={6}>
            <Radio value={QUEUE} label={t("transfer_queue")} />
            {people.map((one) => (
              <Radio
                key={one.id}
                value={one.id}
                data-testid="transfer-colleague"
                label={t("transfer_busy", { name: one.name, state: one.chats_withheld === "imminent" ? t("override_alone") : shell(`presence_${one.state}`), chats: one.chats, capacity: one.chat_capacity })}
              />
            ))}
          </Stack>
        </Radio.Group>
        {asked ? <HandOverReason value={override} onChange={setOverride} /> : null}
        {to === QUEUE && opened ? <TransferWishes value={wishes} onChange={setWishes} /> : null}
        <Textarea label={t("transfer_reason")} description={t("transfer_reason_hint")} value={reason} onChange={(event) => setReason(event.currentTarget.value)} maxLength={2000} autosize minRows={3} required data-testid="transfer-reason" />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {words("cancel")}
          </Button>
          <Button loading={busy} disabled={reason.trim() === "" || (asked && override.trim() === "")} onClick={() => void go()} data-testid="transfer-do">
            {t("transfer_do")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
