import { NativeSelect, Radio, SegmentedControl, Stack, Text, Textarea } from "@mantine/core";
import { useState } from "react";
import { transferCall } from "../../data/callCommands";
import type { OutsideKind, TransferWish } from "../../data/calls";
import type { Contact } from "../../data/contacts";
import type { Presence } from "../../data/presences";
import { useSkills } from "../../data/skills";
import { useAct } from "../../ui/act";
import { Dialog } from "../../ui/Dialog";
import { usePick, useWords } from "../../words/words";
import { OutsideNumber } from "./CallAddParty";
import { HandOverReason, needsReason } from "./HandOverReason";
import { useReceivers } from "./useReceivers";

type To = "staff" | "skill" | "number";
/** Characters: it is read while a telephone rings. */
const NOTE_LENGTH = 500;
const TARGETS: readonly To[] = ["staff", "skill", "number"];

/** Consult first, or hand over at once: to a colleague who is free, to a skill, to an outside number. */
export function CallTransfer({ contact, opened, onClose }: { contact: Contact; opened: boolean; onClose: () => void }) {
  const t = useWords("phone");
  const [mode, setMode] = useState<TransferWish["mode"]>("warm");
  const [to, setTo] = useState<To>("staff");
  const [colleague, setColleague] = useState<Presence>();
  const [override, setOverride] = useState("");
  const [skill, setSkill] = useState("");
  const [kind, setKind] = useState<OutsideKind>("partner");
  const [number, setNumber] = useState("");
  const [note, setNote] = useState("");
  const { act } = useAct();
  const wish: Record<To, TransferWish["to"] | null> = {
    staff: colleague ? { staff_id: colleague.id } : null,
    skill: skill ? { skill } : null,
    number: number.trim().length >= 3 ? { number: number.trim(), kind } : null,
  };
  const how = to === "skill" ? "cold" : mode;
  const target = wish[to];
  const written = note.trim();
  const asked = to === "staff" && needsReason(colleague, contact);
  const more = { ...(written ? { note: written } : {}), ...(asked ? { override: override.trim() } : {}) };
  const go = () => (target ? act(() => transferCall(contact.id, { mode: how, to: target, ...more })) : Promise.resolve(false));
  return (
    <Dialog opened={opened} onClose={onClose} title={t("transfer_title")} confirm={t(`transfer_do_${how}`)} disabled={!target || (asked && override.trim() === "")} onConfirm={go} testId="call-transfer-dialog">
      <SegmentedControl value={to} onChange={(value) => setTo(value as To)} data={TARGETS.map((value) => ({ value, label: t(`transfer_to_${value}`) }))} aria-label={t("transfer_to")} data-testid="transfer-to" />
      {to === "skill" ? null : <How mode={mode} onMode={setMode} />}
      {to === "staff" ? <Colleagues contact={contact} opened={opened} value={colleague?.id ?? ""} onValue={setColleague} /> : null}
      {asked ? <HandOverReason value={override} onChange={setOverride} /> : null}
      {to === "skill" ? <SkillPick value={skill} onValue={setSkill} /> : null}
      {to === "number" ? <OutsideNumber kind={kind} onKind={setKind} number={number} onNumber={setNumber} /> : null}
      <Textarea label={t("transfer_note")} description={t(to === "number" ? "transfer_note_hint_number" : "transfer_note_hint")} value={note} onChange={(event) => setNote(event.currentTarget.value)} maxLength={NOTE_LENGTH} autosize minRows={2} data-testid="transfer-note" />
    </Dialog>
  );
}

function How({ mode, onMode }: { mode: TransferWish["mode"]; onMode: (mode: TransferWish["mode"]) => void }) {
  const t = useWords("phone");
  return (
    <Radio.Group label={t("transfer_how")} value={mode} onChange={(value) => onMode(value as TransferWish["mode"])}>
      <Stack gap={8} mt={6}>
        {(["warm", "cold"] as const).map((one) => (
          <Radio key={one} value={one} label={t(`transfer_${one}`)} description={t(`transfer_${one}_hint`)} data-testid={`transfer-${one}`} />
        ))}
      </Stack>
    </Radio.Group>
  );
}

function Colleagues({ contact, opened, value, onValue }: { contact: Contact; opened: boolean; value: string; onValue: (colleague: Presence | undefined) => void }) {
  const t = useWords("phone");
  const shell = useWords("shell");
  const desk = useWords("desk");
  const free = useReceivers(contact, opened);
  if (!free) return <Text c="dimmed">{t("transfer_loading")}</Text>;
  if (free.length === 0) return <Text data-testid="transfer-nobody">{t("transfer_nobody")}</Text>;
  return (
    <Radio.Group label={t("transfer_to")} value={value} onChange={(id) => onValue(free.find((one) => one.id === id))}>
      <Stack gap={8} mt={6}>
        {free.map((one) => (
          <Radio key={one.id} value={one.id} label={t("transfer_person", { name: one.name, state: one.calls_withheld === "imminent" ? desk("override_alone") : shell(`presence_${one.state}`) })} data-testid="transfer-colleague" />
        ))}
      </Stack>
    </Radio.Group>
  );
}

function SkillPick({ value, onValue }: { value: string; onValue: (code: string) => void }) {
  const t = useWords("phone");
  const pick = usePick();
  const skills = useSkills();
  const options = (skills?.items ?? []).map((one) => ({ value: one.code, label: pick(one) }));
  return (
    <NativeSelect
      label={t("transfer_skill")}
      description={t("transfer_skill_hint")}
      data={[{ value: "", label: "—" }, ...options]}
      value={value}
      onChange={(event) => onValue(event.currentTarget.value)}
      data-testid="transfer-skill"
    />
  );
}
