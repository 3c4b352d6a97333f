import { Button, Group, Paper, Text, Title } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "wouter";
import { fetchTroubles, giveUpSound, type SoundTrouble, trySoundAgain } from "../../data/recordings";
import { may, useUser } from "../../data/session";
import { useAct } from "../../ui/act";
import { running } from "../../ui/clock";
import { Confirm } from "../../ui/confirm";
import { Empty, Failed, Loading } from "../../ui/states";
import { useLanguage, useWords } from "../../words/words";
import { dateTime } from "../contacts/naming";

const KEY = ["sounds", "in-trouble"];
/** Most of it mends itself within minutes. */
const ASK_EVERY_MS = 30_000;

/** Sound that is not as it should be, newest first, with what a person can do about it. */
export default function TroublesPage() {
  const t = useWords("recordings");
  const { data, error, isPending, refetch } = useQuery({ queryKey: KEY, queryFn: fetchTroubles, refetchInterval: ASK_EVERY_MS });
  return (
    <div style={{ padding: 16, maxWidth: 960 }} data-testid="sound-troubles">
      <Title order={1} size={20}>
        {t("page")}
      </Title>
      <Text c="dimmed" mb="md">
        {t("page_help")}
      </Text>
      {isPending ? <Loading rows={3} /> : null}
      {error && !data ? <Failed error={error} retry={() => void refetch()} /> : null}
      {data?.items.length === 0 ? <Empty icon="check" title={t("page_none")} /> : null}
      {data?.items.map((one) => (
        <Row key={one.id} one={one} />
      ))}
    </div>
  );
}

function Row({ one }: { one: SoundTrouble }) {
  const t = useWords("recordings");
  const language = useLanguage();
  const reads = may(useUser(), "contact.serve");
  const facts = [
    dateTime(one.since, language),
    one.seconds === null ? "" : running(one.seconds),
    one.held ? t("is_held") : "",
    one.next_try_at ? t("next_try", { time: dateTime(one.next_try_at, language) }) : "",
  ];
  return (
    <Paper withBorder p="md" mb="sm" data-testid="sound-trouble" data-trouble={one.trouble}>
      <Group gap="xs">
        <b>{t(one.is_message ? "is_message" : "is_recording")}</b>
        <span>{t(`is_${one.trouble}`)}</span>
        {reads ? <Link href={`/contacts/${one.contact_id}`}>{t("to_contact")}</Link> : null}
      </Group>
      <Text size="sm" c="dimmed">
        {facts.filter((each) => each !== "").join(" · ")}
      </Text>
      <Moves one={one} />
    </Paper>
  );
}

function Moves({ one }: { one: SoundTrouble }) {
  const t = useWords("recordings");
  const client = useQueryClient();
  const { act, busy } = useAct();
  const [asking, setAsking] = useState(false);
  const take = (asked: ReturnType<typeof fetchTroubles>) => act(async () => client.setQueryData(KEY, await asked));
  return (
    <Group gap="xs" mt="xs">
      {one.may_try ? (
        <Button size="compact-sm" variant="default" loading={busy} onClick={() => void take(trySoundAgain(one.id))} data-testid="sound-try">
          {t(one.trouble === "overdue" ? "try_overdue" : "try_again")}
        </Button>
      ) : null}
      {one.may_give_up ? (
        <Button size="compact-sm" variant="subtle" color="gray" onClick={() => setAsking(true)} data-testid="sound-give-up">
          {t("give_up")}
        </Button>
      ) : null}
      <Confirm opened={asking} title={t("give_up")} consequence={t("give_up_body")} confirm={t("give_up")} reason={t("give_up_reason")} danger onConfirm={(reason) => take(giveUpSound(one.id, reason))} onClose={() => setAsking(false)} />
    </Group>
  );
}
