import { Button, Group } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { keepReading, openSampled, type ReadLevel, type Sampled } from "../../data/triage";
import { useAct } from "../../ui/act";
import { LevelChip, LevelShape } from "../../ui/LevelChip";
import { Failed, Loading } from "../../ui/states";
import { useLanguage, useWords } from "../../words/words";
import { EvidenceText } from "../contacts/EvidenceText";
import { dateTime } from "../contacts/naming";
import classes from "./Triage.module.css";

const READ: readonly ReadLevel[] = ["none", "low", "moderate", "high", "imminent"];

/** One message, its words, and the level that a person says it calls for. Opening it is written into the journal. */
export function Reading({ item, onKept }: { item: Sampled; onKept: () => Promise<void> }) {
  const t = useWords("triage");
  const words = useWords("ui");
  const language = useLanguage();
  const { act, busy } = useAct();
  // Once: each opening is an entry of its own in the journal.
  const { data, error, refetch } = useQuery({ queryKey: ["sampled", item.message_id], queryFn: () => openSampled(item.message_id), staleTime: Infinity, refetchOnWindowFocus: false, retry: false });
  if (error) return <Failed error={error} retry={() => void refetch()} />;
  if (!data) return <Loading rows={3} />;
  const keep = (level: ReadLevel) => void act(async () => (await keepReading(item.message_id, level), await onKept()));
  return (
    <>
      <p className={classes["dim"]}>
        <time dateTime={item.at}>{dateTime(item.at, language)}</time> · {t("sample_given")} <LevelChip level={item.level} />
      </p>
      <blockquote data-testid="sample-text" tabIndex={0}>
        <EvidenceText text={data.text} evidence={data.evidence} level={item.level} />
      </blockquote>
      <p id="sample-question">{t("sample_question")}</p>
      <Group gap="xs" role="group" aria-labelledby="sample-question">
        {READ.map((level) => (
          <Button
            key={level}
            variant={item.reading?.level === level ? "filled" : "default"}
            aria-pressed={item.reading?.level === level}
            disabled={busy}
            leftSection={<LevelShape level={level} />}
            onClick={() => keep(level)}
            data-testid={`sample-level-${level}`}
          >
            {words(`level_${level}`)}
            {level === item.level ? ` · ${t("sample_as_given")}` : ""}
          </Button>
        ))}
      </Group>
    </>
  );
}
