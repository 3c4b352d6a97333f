import { Textarea } from "@mantine/core";
import { handOver } from "../../data/handOver";
import type { Contact } from "../../data/contacts";
import type { Presence } from "../../data/presences";
import { useWords } from "../../words/words";

const REASON_LENGTH = 500;

export const needsReason = (one: Presence | undefined, contact: Contact): boolean => one !== undefined && handOver(one, contact.channel) === "for_a_reason";

/** A supervisor asks somebody who serves an imminent contact, or looks away: for a reason, which is kept. */
export function HandOverReason({ value, onChange }: { value: string; onChange: (reason: string) => void }) {
  const t = useWords("desk");
  return (
    <Textarea
      label={t("override_why")}
      description={t("override_hint")}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      maxLength={REASON_LENGTH}
      autosize
      minRows={2}
      required
      data-testid="transfer-override"
    />
  );
}
