import { Badge, Button, Group, Modal, Paper, Stack, Text, TextInput, Title } from "@mantine/core";
import { useMemo, useState } from "react";
import { Link, useLocation } from "wouter";
import { callBack, moveFollowup } from "../../data/followupCommands";
import { type Followup, openFollowups } from "../../data/followups";
import { useUser } from "../../data/session";
import { useKnown } from "../../data/store";
import { openVoicemails } from "../../data/voicemails";
import { useAct } from "../../ui/act";
import { Confirm } from "../../ui/confirm";
import { LevelChip } from "../../ui/LevelChip";
import { NextStep } from "../../ui/NextStep";
import { Empty } from "../../ui/states";
import { useLanguage, useWords } from "../../words/words";
import { supervises } from "../contacts/access";
import { dateTime } from "../contacts/naming";
import { Voicemails } from "../line/Voicemails";
import classes from "./Followups.module.css";
import { Refer } from "./Refer";

/** Whom we promised to call, and who hung up before anybody answered. What is due first stands on top. */
export default function FollowupList() {
  const t = useWords("desk");
  const followups = useKnown((known) => known.followups);
  const open = useMemo(() => openFollowups(followups), [followups]);
  const voicemails = useKnown((known) => openVoicemails(known.voicemails).length);
  return (
    <div className={classes["page"]} data-testid="followup-list">
      <Title order={1} size={20}>
        {t("followups")}
      </Title>
      <Voicemails />
      {open.length === 0 && voicemails === 0 ? <Empty icon="check" title={t("followups_none")} /> : null}
      {open.map((followup) => (
        <Row key={followup.id} followup={followup} />
      ))}
    </div>
  );
}

function Row({ followup }: { followup: Followup }) {
  const t = useWords("desk");
  const language = useLanguage();
  return (
    <Paper withBorder p="md" data-testid="followup" data-followup={followup.id} data-kind={followup.kind}>
      <Group justify="space-between" align="flex-start">
        <div>
          <Group gap="xs">
            <LevelChip level={followup.level} />
            <Text fw={600}>{t(`followup_${followup.kind}`)}</Text>
            <Link href={`/contacts/${followup.contact_id}`}>{followup.nickname ?? followup.number_masked ?? t("unnamed")}</Link>
            {followup.overdue ? (
              <Badge color="var(--imminent)" variant="filled">
                {t("followup_overdue")}
              </Badge>
            ) : null}
          </Group>
          <Text size="sm" c="dimmed">
            {t("followup_due", { time: dateTime(followup.due_at, language) })}
            {followup.owner ? ` · ${t("followup_owner", { name: followup.owner.name })}` : ""}
            {followup.attempts.length > 0 ? ` · ${t("followup_attempts", { count: followup.attempts.length })}` : ""}
          </Text>
          <Text size="sm">
            <NextStep next={followup.next} owner={false} />
          </Text>
          {followup.note ? <Text mt={4}>{followup.note}</Text> : null}
        </div>
        <Moves followup={followup} />
      </Group>
    </Paper>
  );
}

function Moves({ followup }: { followup: Followup }) {
  const t = useWords("desk");
  const user = useUser();
  const { act, busy } = useAct();
  const [, go] = useLocation();
  const [dialog, setDialog] = useState<"done" | "cancel" | "reschedule" | null>(null);
  const move = (what: Parameters<typeof moveFollowup>[1]) => act(() => moveFollowup(followup, what));
  // Whose it is stands beside it; nobody but a supervisor goes on with what another one has.
  if (followup.owner && followup.owner.id !== user.id && !supervises(user)) return null;
  if (!followup.owner) {
    return (
      <Button loading={busy} onClick={() => void move({ move: "take" })} data-testid="followup-take">
        {t("followup_take")}
      </Button>
    );
  }
  const attempt = (outcome: "reached" | "no_answer" | "refused") => () => void move({ move: "attempt", outcome });
  const call = () => act(async () => go(`/contacts/${await callBack(followup)}`));
  return (
    <Group gap="xs">
      {followup.kind === "referral" ? <Refer followup={followup} /> : null}
      {followup.number_masked ? (
        <Button size="compact-sm" variant={followup.kind === "referral" ? "default" : "filled"} loading={busy} onClick={() => void call()} data-testid="followup-call">
          {t("followup_call")}
        </Button>
      ) : null}
      {followup.kind === "referral" ? null : (
        <>
          <Button size="compact-sm" variant="default" loading={busy} onClick={attempt("reached")} data-testid="followup-reached">
            {t("followup_reached")}
          </Button>
          <Button size="compact-sm" variant="default" loading={busy} onClick={attempt("no_answer")} data-testid="followup-no-answer">
            {t("followup_no_answer")}
          </Button>
        </>
      )}
      <Button size="compact-sm" variant="default" loading={busy} onClick={attempt("refused")}>
        {t("followup_refused")}
      </Button>
      <Button size="compact-sm" variant={followup.kind === "referral" ? "default" : "filled"} onClick={() => setDialog("done")} data-testid="followup-done">
        {t("followup_done")}
      </Button>
      <Button size="compact-sm" variant="subtle" onClick={() => setDialog("reschedule")}>
        {t("followup_reschedule")}
      </Button>
      <Button size="compact-sm" variant="subtle" color="gray" onClick={() => setDialog("cancel")}>
        {t("followup_cancel")}
      </Button>
      <Confirm
        opened={dialog === "done"}
        title={t("followup_done")}
        consequence={t("followup_done_note")}
        confirm={t("followup_done")}
        reason={t("followup_done_note")}
        onConfirm={(note) => move({ move: "done", note })}
        onClose={() => setDialog(null)}
      />
      <Confirm
        opened={dialog === "cancel"}
        title={t("followup_cancel")}
        consequence={t("followup_cancel_body")}
        confirm={t("followup_cancel")}
        reason={t("followup_cancel_reason")}
        onConfirm={(reason) => move({ move: "cancel", reason })}
        onClose={() => setDialog(null)}
      />
      <Reschedule opened={dialog === "reschedule"} onClose={() => setDialog(null)} onMove={(dueAt, reason) => move({ move: "reschedule", due_at: dueAt, reason })} />
    </Group>
  );
}

function Reschedule({ opened, onClose, onMove }: { opened: boolean; onClose: () => void; onMove: (dueAt: string, reason: string) => Promise<boolean> }) {
  const t = useWords("desk");
  const words = useWords("ui");
  const [at, setAt] = useState("");
  const [reason, setReason] = useState("");
  const go = async () => {
    if (await onMove(new Date(at).toISOString(), reason.trim())) onClose();
  };
  return (
    <Modal opened={opened} onClose={onClose} title={t("followup_reschedule")} centered closeButtonProps={{ "aria-label": words("close") }}>
      <Stack gap="sm">
        <TextInput type="datetime-local" label={t("followup_new_time")} value={at} onChange={(event) => setAt(event.currentTarget.value)} required />
        <TextInput label={t("followup_reschedule_reason")} value={reason} onChange={(event) => setReason(event.currentTarget.value)} maxLength={500} required />
        <Button disabled={at === "" || reason.trim() === ""} onClick={() => void go()}>
          {words("save")}
        </Button>
      </Stack>
    </Modal>
  );
}
