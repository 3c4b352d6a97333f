import { Button, Group, NativeSelect, SegmentedControl } from "@mantine/core";
import { useEffect, useState } from "react";
import { differ, type Differ, dropShift, type Occurrence, type Override, type Plan, undoOverride } from "../../data/duty";
import { useAct } from "../../ui/act";
import { Confirm } from "../../ui/confirm";
import { Dialog } from "../../ui/Dialog";
import { newId } from "../../wire/ids";
import { useLanguage, useWords } from "../../words/words";
import { useChoices } from "./people";
import { ShiftDialog } from "./ShiftDialog";
import { dayName } from "./times";

type Kind = Differ["kind"];

interface Props {
  occurrence: Occurrence | null;
  plan: Plan | undefined;
  onClose: () => void;
  onDone: () => void;
}

/** One shift of one day: swap, sickness, one more; undoing that; or the pattern itself. */
export function ChangeDay({ occurrence, plan, onClose, onDone }: Props) {
  const t = useWords("shifts");
  const language = useLanguage();
  const { act } = useAct();
  const [kind, setKind] = useState<Kind>("swap");
  const [out, setOut] = useState("");
  const [comes, setComes] = useState("");
  const [asking, setAsking] = useState<"edit" | "drop" | null>(null);
  const [key, setKey] = useState(newId);
  const choices = useChoices(occurrence?.role ?? "counselor");
  const shift = plan?.shifts.find((one) => one.id === occurrence?.shift_id) ?? null;
  const made = plan?.overrides.filter((one) => one.shift_id === occurrence?.shift_id && one.day === occurrence?.day) ?? [];
  useEffect(() => {
    setKind("swap");
    setOut("");
    setComes("");
    setKey(newId());
  }, [occurrence]);
  if (!occurrence?.shift_id) return null;
  const { day, role, shift_id } = occurrence;
  const change = () => act(async () => (await differ({ kind, role, day, shift_id, out_id: kind === "extra" ? null : out, in_id: comes || null }, key), onDone()));
  const undo = (override: Override) => () => void act(async () => (await undoOverride(override.id), onDone(), onClose()));
  const drop = () => act(async () => (await dropShift(shift_id), onDone(), onClose()));
  const ready = (kind === "extra" || out !== "") && (kind === "sick" || comes !== "");
  return (
    <>
      <Dialog opened={asking === null} onClose={onClose} title={t("change_day", { day: dayName(new Date(occurrence.start), language) })} confirm={t("change")} disabled={!ready} onConfirm={change} testId="change-day">
        <SegmentedControl data={(["swap", "sick", "extra"] as const).map((one) => ({ value: one, label: t(`kind_${one}`) }))} value={kind} onChange={(value) => setKind(value as Kind)} aria-label={t("kind")} />
        {kind === "extra" ? null : <NativeSelect label={t("who_out")} required data={[{ value: "", label: "–" }, ...occurrence.people.map((one) => ({ value: one.id, label: one.name }))]} value={out} onChange={(event) => setOut(event.currentTarget.value)} data-testid="who-out" />}
        <NativeSelect label={t(kind === "sick" ? "who_in_maybe" : "who_in")} required={kind !== "sick"} data={[{ value: "", label: "–" }, ...choices]} value={comes} onChange={(event) => setComes(event.currentTarget.value)} data-testid="who-in" />
        {made.map((one) => (
          <Made key={one.id} override={one} onUndo={undo(one)} />
        ))}
        <Group gap="xs">
          <Button variant="subtle" size="compact-sm" onClick={() => setAsking("edit")} data-testid="shift-edit">
            {t("edit")}
          </Button>
          <Button variant="subtle" color="gray" size="compact-sm" onClick={() => setAsking("drop")} data-testid="shift-drop">
            {t("drop")}
          </Button>
        </Group>
      </Dialog>
      <ShiftDialog opened={asking === "edit"} shift={shift} onClose={() => (setAsking(null), onClose())} onDone={onDone} />
      <Confirm opened={asking === "drop"} title={t("drop")} consequence={t("drop_body")} confirm={t("drop")} danger onConfirm={drop} onClose={() => setAsking(null)} />
    </>
  );
}

function Made({ override, onUndo }: { override: Override; onUndo: () => void }) {
  const t = useWords("shifts");
  const names = { out: override.out?.name ?? "–", comes: override.comes?.name ?? "–" };
  const what = override.kind === "sick" ? t(override.comes ? "said_sick_for" : "said_sick", names) : t(`said_${override.kind}`, names);
  return (
    <Group justify="space-between" wrap="nowrap">
      <span>{what}</span>
      <Button variant="default" size="compact-sm" onClick={onUndo} aria-label={t("undo_change", { what })}>
        {t("undo")}
      </Button>
    </Group>
  );
}
