import { Badge, Button, Group, Paper, Text, Title } from "@mantine/core";
import { useMemo, useState } from "react";
import { Link } from "wouter";
import { useUser } from "../../data/session";
import { useKnown } from "../../data/store";
import type { Listening } from "../../data/recordings";
import { listenToVoicemail, moveVoicemail, openVoicemails, type Voicemail } from "../../data/voicemails";
import { useAct } from "../../ui/act";
import { LevelChip } from "../../ui/LevelChip";
import { NextStep } from "../../ui/NextStep";
import { useLanguage, useWords } from "../../words/words";
import { supervises } from "../contacts/access";
import { dateTime } from "../contacts/naming";
import { Player } from "../recordings/Player";
import { VoicemailDone } from "./VoicemailDone";

/** Messages left on the line, the most pressing first. Nothing where there are none. */
export function Voicemails() {
  const t = useWords("line");
  const voicemails = useKnown((known) => known.voicemails);
  const open = useMemo(() => openVoicemails(voicemails), [voicemails]);
  if (open.length === 0) return null;
  return (
    <section aria-labelledby="voicemails" data-testid="voicemails">
      <Title order={2} size={16} id="voicemails" mb="xs">
        {t("voicemails")}
      </Title>
      {open.map((voicemail) => (
        <Row key={voicemail.id} voicemail={voicemail} />
      ))}
    </section>
  );
}

function Row({ voicemail }: { voicemail: Voicemail }) {
  const t = useWords("line");
  const language = useLanguage();
  const facts = [
    t("voicemail_left", { time: dateTime(voicemail.created_at, language) }),
    voicemail.seconds ? t("voicemail_length", { n: voicemail.seconds }) : "",
    t("voicemail_due", { time: dateTime(voicemail.due_at, language) }),
    voicemail.owner ? t("voicemail_owner", { name: voicemail.owner.name }) : "",
    voicemail.listened > 0 ? t("voicemail_heard", { n: voicemail.listened }) : "",
  ];
  return (
    <Paper withBorder p="md" mb="sm" data-testid="voicemail" data-voicemail={voicemail.id}>
      <Group gap="xs">
        <LevelChip level={voicemail.level} />
        <Link href={`/contacts/${voicemail.contact_id}`}>{voicemail.number_masked ? t("voicemail_from", { number: voicemail.number_masked }) : t("voicemail_hidden")}</Link>
        {voicemail.overdue ? (
          <Badge color="var(--imminent)" variant="filled">
            {t("voicemail_overdue_now")}
          </Badge>
        ) : null}
      </Group>
      <Text size="sm" c="dimmed">
        {facts.filter((each) => each !== "").join(" · ")}
      </Text>
      <Text size="sm">
        <NextStep next={voicemail.next} owner={false} />
      </Text>
      {voicemail.transcript ? (
        <Text mt={4} style={{ whiteSpace: "pre-line" }}>
          <Text span c="dimmed" size="sm">{`${t("voicemail_transcript")} `}</Text>
          {voicemail.transcript}
        </Text>
      ) : null}
      <Moves voicemail={voicemail} />
    </Paper>
  );
}

function Moves({ voicemail }: { voicemail: Voicemail }) {
  const t = useWords("line");
  const user = useUser();
  const { act, busy } = useAct();
  const [finishing, setFinishing] = useState(false);
  // Whose it is stands above; nobody but a supervisor goes on with what another one has.
  if (voicemail.owner && voicemail.owner.id !== user.id && !supervises(user)) return null;
  if (!voicemail.owner) {
    return (
      <Button mt="xs" loading={busy} onClick={() => void act(() => moveVoicemail(voicemail, { move: "take" }))} data-testid="voicemail-take">
        {t("voicemail_take")}
      </Button>
    );
  }
  return (
    <>
      <Sound voicemail={voicemail} />
      <Group gap="xs" mt="xs">
        <Button size="compact-sm" onClick={() => setFinishing(true)} data-testid="voicemail-done">
          {t("voicemail_done")}
        </Button>
        <Button size="compact-sm" variant="subtle" color="gray" loading={busy} onClick={() => void act(() => moveVoicemail(voicemail, { move: "give-back" }))}>
          {t("voicemail_give_back")}
        </Button>
      </Group>
      <VoicemailDone voicemail={voicemail} opened={finishing} onClose={() => setFinishing(false)} />
    </>
  );
}

function Sound({ voicemail }: { voicemail: Voicemail }) {
  const t = useWords("line");
  const { act, busy } = useAct();
  const [listening, setListening] = useState<Listening | null>(null);
  if (voicemail.audio === "at_carrier") return <Text size="sm">{t("voicemail_fetching")}</Text>;
  if (voicemail.audio === "failed") return <Text size="sm">{t("voicemail_failed")}</Text>;
  if (voicemail.audio !== "kept") return <Text size="sm">{t("voicemail_deleted")}</Text>;
  if (listening) return <Player listening={listening} />;
  // Whoever has it listens in order to answer it: that is the reason, and it is said for them.
  const listen = () => act(async () => setListening(await listenToVoicemail(voicemail.id, t("voicemail_listen_why"))));
  return (
    <Group gap="xs" mt="xs">
      <Button variant="default" loading={busy} onClick={() => void listen()} data-testid="voicemail-listen">
        {t("voicemail_listen")}
      </Button>
      <Text size="sm" c="dimmed">
        {t("voicemail_listen_note")}
      </Text>
    </Group>
  );
}
