import { NativeSelect, SimpleGrid, TextInput } from "@mantine/core";
import { useEffect, useState } from "react";
import { differ, type DutyRole, ROLES } from "../../data/duty";
import { useAct } from "../../ui/act";
import { Dialog } from "../../ui/Dialog";
import { newId } from "../../wire/ids";
import { useWords } from "../../words/words";
import { useChoices } from "./people";
import { isoDay } from "./times";

const fresh = () => ({ role: "counselor" as DutyRole, day: isoDay(new Date()), starts: "18:00", ends: "22:00", in_id: "" });

/** Somebody works at times of their own, on one day. */
export function ExtraDuty({ opened, onClose, onDone }: { opened: boolean; onClose: () => void; onDone: () => void }) {
  const t = useWords("shifts");
  const { act } = useAct();
  const [fields, setFields] = useState(fresh);
  const [key, setKey] = useState(newId);
  const choices = useChoices(fields.role);
  useEffect(() => {
    if (!opened) return;
    setFields(fresh());
    setKey(newId());
  }, [opened]);
  const set = (some: Partial<ReturnType<typeof fresh>>) => setFields((held) => ({ ...held, ...some }));
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const save = () => act(async () => (await differ({ kind: "extra", ...fields, time_zone: zone }, key), onDone()));
  return (
    <Dialog opened={opened} onClose={onClose} title={t("new_extra")} confirm={t("save")} onConfirm={save} disabled={fields.in_id === "" || fields.day === ""} testId="extra-dialog">
      <NativeSelect label={t("role")} data={ROLES.map((role) => ({ value: role, label: t(`role_${role}`) }))} value={fields.role} onChange={(event) => set({ role: event.currentTarget.value as DutyRole, in_id: "" })} />
      <NativeSelect label={t("who_in")} required data={[{ value: "", label: "–" }, ...choices]} value={fields.in_id} onChange={(event) => set({ in_id: event.currentTarget.value })} data-testid="extra-who" />
      <TextInput type="date" label={t("day")} required value={fields.day} onChange={(event) => set({ day: event.currentTarget.value })} />
      <SimpleGrid cols={2} spacing="sm">
        <TextInput type="time" label={t("starts")} required value={fields.starts} onChange={(event) => set({ starts: event.currentTarget.value })} />
        <TextInput type="time" label={t("ends")} required value={fields.ends} onChange={(event) => set({ ends: event.currentTarget.value })} />
      </SimpleGrid>
    </Dialog>
  );
}
