import { Button, Checkbox, Group, Modal, SegmentedControl, Select, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { useEffect, useState } from "react";
import { type AlertFacts, moveAlert, raiseAlert } from "../../data/alertCommands";
import type { Alert, AlertTarget } from "../../data/alerts";
import type { Contact } from "../../data/contacts";
import { useAct } from "../../ui/act";
import { newId } from "../../wire/ids";
import { usePick, useWords } from "../../words/words";

interface Props {
  contact: Pick<Contact, "id" | "number_masked">;
  /** A proposed one, to be confirmed with details. */
  proposed?: Alert;
  opened: boolean;
  onClose: () => void;
}

const TARGETS: readonly AlertTarget[] = ["crisis_team", "ambulance", "police"];
const ASKED = ["rescue", "locate", "welfare_check", "escort"] as const;
const CERTAINTIES = ["exact", "approximate", "unknown"] as const;

const blank = (reason: string, proposed?: Alert): AlertFacts => ({
  target: proposed?.target ?? "crisis_team",
  what: proposed?.what || reason,
  where: proposed?.where ?? "",
  where_certainty: proposed?.where_certainty ?? "unknown",
  means: proposed?.means ?? "",
  danger_to_others: proposed?.danger_to_others ?? false,
  callback: proposed?.callback ?? "",
  asked: proposed?.asked ?? "rescue",
  person: proposed?.person ?? "",
});

/** What goes out, read by a dispatcher in seconds: what, where and how sure, means, what is asked. */
export function RaiseAlert({ contact, proposed, opened, onClose }: Props) {
  const t = useWords("desk");
  const words = useWords("ui");
  const pick = usePick();
  const reason = proposed ? pick(proposed, "reason") : "";
  const [facts, setFacts] = useState(() => blank(reason, proposed));
  const [key, setKey] = useState(newId);
  const { act, busy } = useAct();
  useEffect(() => {
    if (opened) {
      setFacts(blank(reason, proposed));
      setKey(newId());
    }
    // The form is filled when it opens; a later frame must not write over what is being typed.
  }, [opened]);
  const set = (change: Partial<AlertFacts>) => setFacts((held) => ({ ...held, ...change }));
  const send = async () => {
    const said = tidy(facts);
    const done = await act(() => (proposed ? moveAlert(proposed, "confirm", { ...said }) : raiseAlert(contact.id, said, key)));
    if (done) onClose();
  };
  return (
    <Modal opened={opened} onClose={onClose} title={t("alert_title")} size="lg" centered closeButtonProps={{ "aria-label": words("close") }}>
      <Stack gap="sm">
        <Text>{t("alert_body")}</Text>
        <Fields facts={facts} set={set} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {words("cancel")}
          </Button>
          <Button color="var(--imminent)" loading={busy} disabled={facts.what.trim() === ""} onClick={() => void send()} data-testid="alert-send">
            {t("alert_send")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

function Fields({ facts, set }: { facts: AlertFacts; set: (change: Partial<AlertFacts>) => void }) {
  const t = useWords("desk");
  return (
    <>
      <div>
        <Text size="sm" fw={500} id="alert-target">
          {t("alert_target")}
        </Text>
        <SegmentedControl
          aria-labelledby="alert-target"
          fullWidth
          value={facts.target}
          onChange={(target) => set({ target: target as AlertTarget })}
          data={TARGETS.map((value) => ({ value, label: t(`target_${value}`) }))}
        />
      </div>
      <Textarea label={t("alert_what")} value={facts.what} onChange={(event) => set({ what: event.currentTarget.value })} maxLength={2000} autosize minRows={2} required data-autofocus data-testid="alert-what" />
      <Group grow align="flex-start">
        <TextInput label={t("alert_where")} value={facts.where ?? ""} onChange={(event) => set({ where: event.currentTarget.value })} maxLength={500} data-testid="alert-where" />
        <Select
          label={t("alert_where_certainty")}
          value={facts.where_certainty ?? "unknown"}
          onChange={(value) => set({ where_certainty: (value ?? "unknown") as Alert["where_certainty"] })}
          data={CERTAINTIES.map((value) => ({ value, label: t(`certainty_${value}`) }))}
          allowDeselect={false}
        />
      </Group>
      <Group grow align="flex-start">
        <TextInput label={t("alert_means")} value={facts.means ?? ""} onChange={(event) => set({ means: event.currentTarget.value })} maxLength={500} />
        <Select
          label={t("alert_asked")}
          value={facts.asked ?? "rescue"}
          onChange={(value) => set({ asked: (value ?? "rescue") as (typeof ASKED)[number] })}
          data={ASKED.map((value) => ({ value, label: t(`asked_${value}`) }))}
          allowDeselect={false}
        />
      </Group>
      <Group grow align="flex-start">
        <TextInput label={t("alert_person")} value={facts.person ?? ""} onChange={(event) => set({ person: event.currentTarget.value })} maxLength={500} />
        <TextInput label={t("alert_callback")} value={facts.callback ?? ""} onChange={(event) => set({ callback: event.currentTarget.value })} maxLength={40} type="tel" />
      </Group>
      <Checkbox label={t("alert_danger_to_others")} checked={facts.danger_to_others ?? false} onChange={(event) => set({ danger_to_others: event.currentTarget.checked })} />
    </>
  );
}

/** Empty fields are left out rather than sent as empty words. */
function tidy(facts: AlertFacts): AlertFacts {
  const entries = Object.entries(facts)
    .map(([name, value]) => [name, typeof value === "string" ? value.trim() : value] as const)
    .filter(([, value]) => value !== "");
  return Object.fromEntries(entries) as unknown as AlertFacts;
}
