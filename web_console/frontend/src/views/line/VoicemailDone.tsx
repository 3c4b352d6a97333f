import { Select, Textarea } from "@mantine/core";
import { useState } from "react";
import { moveVoicemail, OUTCOMES, type Voicemail, type VoicemailOutcome } from "../../data/voicemails";
import { useAct } from "../../ui/act";
import { Dialog } from "../../ui/Dialog";
import { useWords } from "../../words/words";

/** What came of a message. */
export function VoicemailDone({ voicemail, opened, onClose }: { voicemail: Voicemail; opened: boolean; onClose: () => void }) {
  const t = useWords("line");
  const { act } = useAct();
  const [outcome, setOutcome] = useState<VoicemailOutcome | null>(null);
  const [note, setNote] = useState("");
  const finish = () => act(() => moveVoicemail(voicemail, { move: "done", outcome: outcome!, ...(note.trim() ? { note: note.trim() } : {}) }));
  return (
    <Dialog opened={opened} onClose={onClose} title={t("voicemail_done")} confirm={t("voicemail_done")} disabled={outcome === null} onConfirm={finish}>
      <Select
        label={t("voicemail_outcome")}
        data={OUTCOMES.map((value) => ({ value, label: t(`outcome_${value}`) }))}
        value={outcome}
        onChange={(value) => setOutcome(value as VoicemailOutcome | null)}
        required
        data-testid="voicemail-outcome"
      />
      <Textarea label={t("voicemail_note")} value={note} onChange={(event) => setNote(event.currentTarget.value)} maxLength={2000} autosize minRows={2} />
    </Dialog>
  );
}
