import { Button, Select, Stack, Text, Textarea } from "@mantine/core";
import { useState } from "react";
import { overrideLevel } from "../../../data/contactCommands";
import type { Contact } from "../../../data/contacts";
import { atLeast, LEVELS, type Level, rank } from "../../../data/levels";
import { useAct } from "../../../ui/act";
import { useUser } from "../../../data/session";
import { supervises } from "../access";
import { useWords } from "../../../words/words";

/** A person may set any level that says something; "not assessed" is not a judgement. */
export const JUDGED: readonly Level[] = LEVELS.filter((level) => level !== "unassessed");

export function Override({ contact, proposed = null }: { contact: Contact; proposed?: Level | null }) {
  const t = useWords("desk");
  const words = useWords("ui");
  const [open, setOpen] = useState(proposed !== null);
  const [level, setLevel] = useState<Level | null>(proposed);
  const [reason, setReason] = useState("");
  const { act, busy } = useAct();
  const user = useUser();
  const bound = atLeast(contact.level, "high") && !supervises(user);
  const levels = JUDGED.filter((one) => one !== contact.level && (!bound || rank(one) > rank(contact.level)));
  // Only downwards is left, and that is a supervisor's: a form without an answer would be a dead end.
  if (levels.length === 0) return <Text size="sm">{t("override_supervisor")}</Text>;
  if (!open) {
    return (
      <Button variant="subtle" onClick={() => setOpen(true)} data-testid="override-open">
        {t("override")}
      </Button>
    );
  }
  const save = async () => {
    if (level === null || !(await act(() => overrideLevel(contact.id, level, reason.trim())))) return;
    setOpen(false);
    setLevel(null);
    setReason("");
  };
  return (
    <Stack gap="xs" data-testid="override-form">
      <Text size="sm">{t(bound ? "override_supervisor" : "override_body")}</Text>
      <Select
        label={t("override_level")}
        value={level}
        onChange={(value) => setLevel(value as Level | null)}
        data={levels.map((value) => ({ value, label: words(`level_${value}`) }))}
        data-testid="override-level"
      />
      <Textarea label={t("override_reason")} value={reason} onChange={(event) => setReason(event.currentTarget.value)} maxLength={2000} autosize minRows={2} required autoFocus={proposed !== null} data-testid="override-reason" />
      <Button disabled={level === null || reason.trim() === ""} loading={busy} onClick={() => void save()} data-testid="override-save">
        {t("override_save")}
      </Button>
      <Button variant="subtle" color="gray" onClick={() => setOpen(false)}>
        {words("cancel")}
      </Button>
    </Stack>
  );
}
