import { Button, Group, Text } from "@mantine/core";
import { supervise } from "../../data/callCommands";
import { type Call, isThere, listening, type SupervisionMode } from "../../data/calls";
import type { Contact } from "../../data/contacts";
import { canBeRung, usePhone } from "../../data/phone";
import { useUser } from "../../data/session";
import { useAct } from "../../ui/act";
import { useWords } from "../../words/words";

const MODES: readonly SupervisionMode[] = ["monitor", "whisper", "barge"];

/** A supervisor's own phone in somebody else's call: listen, whisper, join in, leave. */
export function CallSupervision({ contact, call }: { contact: Contact; call: Call }) {
  const t = useWords("phone");
  const user = useUser();
  const phone = usePhone();
  const { act, busy } = useAct();
  if (call.state !== "bridged") return null;
  const mine = listening(call, user.id);
  return (
    <div role="group" aria-label={t("supervision")} data-testid="call-supervision" data-mode={mine?.mode}>
      <Group gap={8}>
        {MODES.map((mode) => (
          <Button
            key={mode}
            size="sm"
            variant={mine?.mode === mode ? "filled" : "default"}
            aria-pressed={mine?.mode === mode}
            disabled={busy || !canBeRung(phone)}
            onClick={() => void act(() => supervise(contact.id, mode))}
            data-testid={`supervise-${mode}`}
          >
            {t(mode)}
          </Button>
        ))}
        {mine ? (
          <Button size="sm" variant="subtle" loading={busy} onClick={() => void act(() => supervise(contact.id, "stop"))} data-testid="supervise-stop">
            {t("stop")}
          </Button>
        ) : null}
      </Group>
      <Text size="sm" c="dimmed" mt={4} role="status">
        {!canBeRung(phone) ? t("phone_none_bar") : mine ? (isThere(mine) ? t(`${mine.mode}_hint`) : t("supervision_ringing")) : t("supervision_recorded")}
      </Text>
    </div>
  );
}
