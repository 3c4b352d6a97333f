import { Chip, Group, Input, MultiSelect, NativeSelect, SimpleGrid, TextInput } from "@mantine/core";
import { useEffect, useState } from "react";
import { type DutyRole, planShift, type PlanShift, ROLES, type Shift } from "../../data/duty";
import { useAct } from "../../ui/act";
import { Dialog } from "../../ui/Dialog";
import { newId } from "../../wire/ids";
import { useWords } from "../../words/words";
import { useChoices } from "./people";

const DAYS = [0, 1, 2, 3, 4, 5, 6] as const;
const NEW: PlanShift = { name: "", role: "counselor", weekdays: [0, 1, 2, 3, 4, 5, 6], starts: "08:00", ends: "16:00", time_zone: "Asia/Shanghai", staff_ids: [] };

const known = (shift: Shift): PlanShift => {
  const { people, version, name, role, weekdays, starts, ends, time_zone, first_day, last_day } = shift;
  return { version, name, role, weekdays, starts, ends, time_zone, staff_ids: people.map((person) => person.id), first_day, last_day };
};

/** A weekly pattern, new or changed. */
export function ShiftDialog({ opened, shift, onClose, onDone }: { opened: boolean; shift: Shift | null; onClose: () => void; onDone: () => void }) {
  const t = useWords("shifts");
  const { act } = useAct();
  const [fields, setFields] = useState<PlanShift>(NEW);
  const [id, setId] = useState(newId);
  useEffect(() => {
    if (!opened) return;
    setFields(shift ? known(shift) : NEW);
    setId(shift?.id ?? newId());
  }, [opened, shift]);
  const set = (some: Partial<PlanShift>) => setFields((held) => ({ ...held, ...some }));
  const save = () => act(async () => (await planShift(id, fields), onDone()));
  return (
    <Dialog opened={opened} onClose={onClose} title={t(shift ? "edit" : "new")} confirm={t("save")} onConfirm={save} disabled={fields.weekdays.length === 0} testId="shift-dialog">
      <TextInput label={t("name")} description={t("name_help")} value={fields.name ?? ""} maxLength={60} onChange={(event) => set({ name: event.currentTarget.value })} />
      <NativeSelect label={t("role")} data={ROLES.map((role) => ({ value: role, label: t(`role_${role}`) }))} value={fields.role} onChange={(event) => set({ role: event.currentTarget.value as DutyRole, staff_ids: [] })} data-testid="shift-role" />
      <Input.Wrapper label={t("weekdays")} required>
        <Chip.Group multiple value={fields.weekdays.map(String)} onChange={(days) => set({ weekdays: days.map(Number) })}>
          <Group gap={6} mt={6}>
            {DAYS.map((day) => (
              <Chip key={day} value={String(day)} size="sm">
                {t(`weekday_${day}`)}
              </Chip>
            ))}
          </Group>
        </Chip.Group>
      </Input.Wrapper>
      <Times fields={fields} set={set} />
      <People fields={fields} set={set} />
    </Dialog>
  );
}

interface Part {
  fields: PlanShift;
  set: (some: Partial<PlanShift>) => void;
}

function Times({ fields, set }: Part) {
  const t = useWords("shifts");
  const day = (name: "first_day" | "last_day") => <TextInput type="date" label={t(name)} value={fields[name] ?? ""} onChange={(event) => set({ [name]: event.currentTarget.value || null })} />;
  return (
    <>
      <SimpleGrid cols={2} spacing="sm">
        <TextInput type="time" label={t("starts")} required value={fields.starts} onChange={(event) => set({ starts: event.currentTarget.value })} data-testid="shift-starts" />
        <TextInput type="time" label={t("ends")} required value={fields.ends} onChange={(event) => set({ ends: event.currentTarget.value })} data-testid="shift-ends" />
      </SimpleGrid>
      <Input.Description>{t("ends_help")}</Input.Description>
      <SimpleGrid cols={2} spacing="sm">
        {day("first_day")}
        {day("last_day")}
      </SimpleGrid>
      <NativeSelect label={t("zone")} data={zones(fields.time_zone)} value={fields.time_zone ?? "Asia/Shanghai"} onChange={(event) => set({ time_zone: event.currentTarget.value })} />
    </>
  );
}

/** All that the browser knows; the one in use is always among them. */
function zones(used: string | undefined): string[] {
  const all = typeof Intl.supportedValuesOf === "function" ? Intl.supportedValuesOf("timeZone") : [];
  return [...new Set(["Asia/Shanghai", ...(used ? [used] : []), ...all])];
}

function People({ fields, set }: Part) {
  const t = useWords("shifts");
  const choices = useChoices(fields.role);
  return <MultiSelect label={t("people")} description={t("people_help")} data={choices} value={fields.staff_ids} onChange={(staff_ids) => set({ staff_ids })} searchable data-testid="shift-people" />;
}
