import { Button, Drawer, Group, Radio, Select, Stack, Text, Textarea } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { closeContact, fetchDispositions } from "../../data/contactCommands";
import type { Contact } from "../../data/contacts";
import { useDraft } from "../../data/drafts";
import { useHeld } from "../../data/held";
import { atLeast, type Level, rank } from "../../data/levels";
import { dropPlan, isStarted, usePlan } from "../../data/safetyPlans";
import { useUser } from "../../data/session";
import { useAct } from "../../ui/act";
import { LevelChip } from "../../ui/LevelChip";
import { Problem } from "../../wire/problem";
import { serverNow } from "../../wire/serverClock";
import { usePick, useWords } from "../../words/words";
import { supervises } from "./access";
import { BLANK_CLOSING, type ClosingForm, closingOf, type Missing, missingIn, needsPlan, refusedIn, type Section } from "./closing";
import classes from "./CloseSheet.module.css";
import { FollowupFields, ReferralFields } from "./CloseSheetParts";
import { useContactName } from "./naming";
import { JUDGED } from "./side/Override";
import { PlanFields } from "./side/PlanTab";

/** Closing is one sheet, and goes on where it was left. It opens when a conversation ends: whoever is writing their note then
 * goes on writing the same note in it. What is missing is named on top of its button, each with a jump to it. */
export function CloseSheet({ contact, opened, onClose }: { contact: Contact; opened: boolean; onClose: () => void }) {
  const t = useWords("desk");
  const words = useWords("ui");
  const name = useContactName()(contact);
  return (
    <Drawer opened={opened} onClose={onClose} position="right" size={560} title={t("close_title", { name })} closeButtonProps={{ "aria-label": words("close") }} data-testid="close-sheet">
      <Sheet contact={contact} onDone={onClose} />
    </Drawer>
  );
}

function Sheet({ contact, onDone }: { contact: Contact; onDone: () => void }) {
  const t = useWords("desk");
  const [form, setForm] = useHeld<ClosingForm>(`closing.${contact.id}`, () => ({
    ...BLANK_CLOSING,
    referralHow: contact.channel === "call" ? "spoken" : "in_chat",
    referralName: contact.nickname ?? "",
    referralDistrict: contact.district ?? "",
    referralReceivers: [t("referral_office")],
  }));
  const [note, setNote] = useDraft(contact.id, "note");
  const plan = usePlan(contact.id);
  const { act, busy } = useAct();
  const missing = missingIn(form, note, plan, contact, serverNow());
  const planned = needsPlan(form, contact);
  const set = (change: Partial<ClosingForm>) => setForm((held) => ({ ...held, ...change }));
  const [refused, setRefused] = useState<Missing[]>([]);
  const send = async () => {
    try {
      await closeContact(contact.id, closingOf(form, note, plan, serverNow()));
    } catch (error) {
      if (error instanceof Problem) setRefused(refusedIn(error.fields));
      throw error;
    }
  };
  const close = async () => {
    if (!(await act(send))) return;
    setNote("");
    dropPlan(contact.id);
    onDone();
  };
  return (
    <Stack gap="lg">
      <Text c="dimmed">{t("close_intro")}</Text>
      <Disposition form={form} set={set} />
      <Part section="note">
        <Textarea label={t("close_note")} description={t("saved_automatically")} value={note} onChange={(event) => setNote(event.currentTarget.value)} maxLength={2000} autosize minRows={4} required data-autofocus={window.matchMedia("(pointer: fine)").matches || undefined} data-testid="close-note" />
      </Part>
      <ConfirmedLevel form={form} set={set} current={contact.level} />
      <FollowupFields form={form} set={set} />
      <ReferralFields form={form} set={set} />
      {planned || isStarted(plan) ? (
        <Part section="plan">
          <Text fw={600}>{t("close_plan")}</Text>
          {planned ? <Text size="sm">{t("close_plan_needed")}</Text> : null}
          <PlanFields contactId={contact.id} />
        </Part>
      ) : null}
      <Done missing={missing} refused={refused} busy={busy} close={() => void close()} />
    </Stack>
  );
}

const anchor = (section: Section): string => `close-${section}`;

export function Part({ section, children }: { section: Section; children: ReactNode }) {
  return (
    <Stack gap="xs" id={anchor(section)} className={classes["part"]!}>
      {children}
    </Stack>
  );
}

function Disposition({ form, set }: Parts) {
  const t = useWords("desk");
  const pick = usePick();
  const { data } = useQuery({ queryKey: ["dispositions"], queryFn: fetchDispositions, staleTime: Infinity });
  return (
    <Part section="disposition">
      <Select
        label={t("close_disposition")}
        placeholder={t("close_disposition_pick")}
        value={form.disposition}
        onChange={(disposition) => set({ disposition })}
        data={(data?.items ?? []).map((one) => ({ value: one.code, label: pick(one) }))}
        required
        data-testid="close-disposition"
      />
    </Part>
  );
}

export interface Parts {
  form: ClosingForm;
  set: (change: Partial<ClosingForm>) => void;
}

function ConfirmedLevel({ form, set, current }: Parts & { current: Level }) {
  const t = useWords("desk");
  const user = useUser();
  // Lowering from high is a supervisor's: what could only be refused is not offered.
  const bound = atLeast(current, "high") && !supervises(user);
  const levels = JUDGED.filter((level) => !bound || rank(level) >= rank(current));
  return (
    <Part section="level">
      <Radio.Group label={t("close_level")} value={form.level} onChange={(level) => set({ level: level as ClosingForm["level"] })} required data-testid="close-level">
        <Group gap="md" mt={8}>
          {levels.map((level) => (
            <Radio key={level} value={level} label={<LevelChip level={level} />} data-testid={`close-level-${level}`} data-current={level === current || undefined} />
          ))}
        </Group>
      </Radio.Group>
      {bound ? <Text size="sm">{t("override_supervisor")}</Text> : null}
    </Part>
  );
}

function Done({ missing, refused, busy, close }: { missing: Missing[]; refused: Missing[]; busy: boolean; close: () => void }) {
  const t = useWords("desk");
  const jump = (section: Section) => {
    const part = document.getElementById(anchor(section));
    part?.scrollIntoView({ block: "center" });
    part?.querySelector<HTMLElement>("input, textarea, button")?.focus();
  };
  const named = missing.length > 0 ? missing : refused;
  return (
    <div className={classes["done"]}>
      {named.length > 0 ? (
        <p data-testid="close-missing">
          {t(missing.length > 0 ? "close_missing" : "close_refused")}{" "}
          {named.map(({ section, word }) => (
            <button key={word} type="button" onClick={() => jump(section)}>
              {t(`missing_${word}`)}
            </button>
          ))}
        </p>
      ) : null}
      <Button fullWidth disabled={missing.length > 0} loading={busy} onClick={close} data-testid="close-do">
        {t("close_do")}
      </Button>
    </div>
  );
}
