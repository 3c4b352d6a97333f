import { Button, Group, Select } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { may, useUser } from "../../data/session";
import { asLines, fetchLabels, fetchSample, finishedWeeks, progress, type Sampled } from "../../data/triage";
import { useAct } from "../../ui/act";
import { Confirm } from "../../ui/confirm";
import { LevelChip } from "../../ui/LevelChip";
import { Empty, Failed, Loading } from "../../ui/states";
import { notifications } from "@mantine/notifications";
import { useLanguage, useWords } from "../../words/words";
import { Reading } from "./Reading";
import classes from "./Triage.module.css";
import { useGroupName } from "./useGroupName";

const WEEKS = 26;

/** The weekly sample: which messages, which of them were read, and what people said of them. */
export function SampleReader() {
  const t = useWords("triage");
  const weeks = finishedWeeks(Date.now(), WEEKS);
  const [chosen, setChosen] = useState<string | null>(null);
  const day = useDay();
  const week = chosen ?? weeks[0]!;
  return (
    <>
      <div className={classes["bar"]}>
        <Select label={t("sample_week")} value={week} onChange={setChosen} allowDeselect={false} data={weeks.map((value) => ({ value, label: t("week_of", { day: day(value) }) }))} data-testid="sample-week" />
        <Export />
      </div>
      <Sample key={week} week={week} />
    </>
  );
}

function useDay(): (week: string) => string {
  const language = useLanguage();
  return (week) => new Date(`${week}T00:00:00`).toLocaleDateString(language === "zh" ? "zh-CN" : "en", { year: "numeric", month: "short", day: "numeric" });
}

function Sample({ week }: { week: string }) {
  const t = useWords("triage");
  const queries = useQueryClient();
  const { data, error, refetch, isPending } = useQuery({ queryKey: ["sample", week], queryFn: () => fetchSample(week) });
  const [open, setOpen] = useState<string | null>(null);
  if (isPending) return <Loading rows={6} />;
  if (error) return <Failed error={error} retry={() => void refetch()} />;
  const { items } = data;
  if (items.length === 0) return <Empty icon="note" title={t("sample_none")} />;
  const unread = items.find((item) => item.reading === null && item.message_id !== open);
  const { read, missed, of } = progress(items);
  const kept = async () => {
    await queries.invalidateQueries({ queryKey: ["sample", week] });
    setOpen(unread?.message_id ?? null);
  };
  const current = items.find((item) => item.message_id === open);
  return (
    <div className={classes["sample"]}>
      <section className={classes["card"]}>
        <p className={classes["headline"]}>
          <b data-testid="sample-progress" data-read={read}>
            {t("sample_progress", { read, of })}
          </b>
          {missed > 0 ? <span data-testid="sample-missed">{t("sample_missed", { missed })}</span> : null}
        </p>
        <ol className={classes["list"]}>
          {items.map((item) => (
            <Row key={item.message_id} item={item} open={item.message_id === open} onOpen={() => setOpen(item.message_id)} />
          ))}
        </ol>
      </section>
      <section className={`${classes["card"]} ${classes["reading"]}`} aria-live="polite">
        {current ? (
          <Reading key={current.message_id} item={current} onKept={kept} />
        ) : unread ? (
          <Button onClick={() => setOpen(unread.message_id)} data-testid="sample-begin">
            {t("sample_open")}
          </Button>
        ) : (
          <Empty title={t("sample_done")} body={t("sample_done_body")} />
        )}
      </section>
    </div>
  );
}

function Row({ item, open, onOpen }: { item: Sampled; open: boolean; onOpen: () => void }) {
  const t = useWords("triage");
  const group = useGroupName();
  const verdict = item.reading?.verdict ?? null;
  return (
    <li data-testid="sample-row" data-message={item.message_id} data-verdict={verdict ?? undefined}>
      <button type="button" aria-current={open || undefined} onClick={onOpen}>
        <LevelChip level={item.level} narrow />
        <span>{group(`${item.lang}.${item.channel}`)}</span>
        <span className={verdict === "missed" ? classes["moved"] : classes["dim"]}>{verdict ? t(`verdict_${verdict}`) : t("sample_unread")}</span>
      </button>
    </li>
  );
}

/** The labelled messages as a file, after it was said what is in it. */
function Export() {
  const t = useWords("triage");
  const user = useUser();
  const { act } = useAct();
  const [asking, setAsking] = useState(false);
  if (!may(user, "triage.export")) return null;
  const save = () =>
    act(async () => {
      const { items } = await fetchLabels();
      if (items.length === 0) {
        notifications.show({ message: t("export_none"), color: "gray", withBorder: true, role: "status" });
        return;
      }
      const address = URL.createObjectURL(new Blob([asLines(items)], { type: "application/jsonl" }));
      const link = Object.assign(document.createElement("a"), { href: address, download: "labelled-messages.jsonl" });
      link.click();
      URL.revokeObjectURL(address);
    });
  return (
    <Group ml="auto">
      <Button variant="default" onClick={() => setAsking(true)} data-testid="sample-export">
        {t("export")}
      </Button>
      <Confirm opened={asking} title={t("export_title")} consequence={t("export_body")} confirm={t("export_yes")} onConfirm={save} onClose={() => setAsking(false)} />
    </Group>
  );
}
