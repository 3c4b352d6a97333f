import { SegmentedControl } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { codeOf, type Drift, fetchDrift, type Figure, figuresOf } from "../../data/triage";
import { type Level, LEVELS } from "../../data/levels";
import { Empty, Failed, Loading } from "../../ui/states";
import { useWords } from "../../words/words";
import { useCueName } from "../contacts/cues";
import { FigureTable } from "./FigureTable";
import { Scores } from "./Scores";
import classes from "./Triage.module.css";
import { useGroupName } from "./useGroupName";

const CHOICES = ["4", "8", "26"];

/** This week against the weeks before, figure by figure; what moved more than chance stands first and is said in words. */
export function DriftReport() {
  const t = useWords("triage");
  const [weeks, setWeeks] = useState("8");
  const { data, error, isPending, refetch } = useQuery({ queryKey: ["drift", weeks], queryFn: () => fetchDrift(Number(weeks)), placeholderData: (held) => held, refetchInterval: 60_000 });
  if (isPending) return <Loading rows={8} />;
  if (error && !data) return <Failed error={error} retry={() => void refetch()} />;
  return (
    <>
      <div className={classes["bar"]}>
        <SegmentedControl size="xs" value={weeks} onChange={setWeeks} data={CHOICES.map((value) => ({ value, label: t("weeks_n", { n: value }) }))} aria-label={t("weeks")} data-testid="triage-weeks" />
        <Headline drift={data} />
      </div>
      {data.weeks.every((week) => week.messages === 0) ? <Empty icon="chat" title={t("nothing")} body={t("nothing_body")} /> : <Figures drift={data} />}
      <How />
    </>
  );
}

function Headline({ drift }: { drift: Drift }) {
  const t = useWords("triage");
  const last = drift.weeks.at(-1)!;
  const count = drift.figures.filter((figure) => figure.moved !== null).length + Number(drift.scores_moved);
  return (
    <p className={classes["headline"]} role="status">
      <b data-testid="triage-moved" data-count={count}>
        {count === 0 ? t("moved_none") : t("moved_some", { count })}
      </b>
      <span>
        {t("this_week")}: {t("messages", { messages: last.messages, contacts: last.contacts })}
      </span>
    </p>
  );
}

function Figures({ drift }: { drift: Drift }) {
  const t = useWords("triage");
  const words = useWords("ui");
  const cue = useCueName();
  const group = useGroupName();
  const level = (figure: Figure) => words(`level_${codeOf(figure) as Level}`);
  const byLevel = figuresOf(drift, "level").sort((a, b) => LEVELS.indexOf(codeOf(a) as Level) - LEVELS.indexOf(codeOf(b) as Level));
  const only = (...names: string[]) => drift.figures.filter((figure) => names.includes(figure.name));
  return (
    <div className={classes["figures"]}>
      <div className={classes["column"]}>
        <FigureTable title={t("alarms")} figures={figuresOf(drift, "alarm")} name={(figure) => group(codeOf(figure))} perMille />
        <FigureTable title={t("overrides")} figures={only("override.up", "override.down")} name={(figure) => t(figure.name === "override.up" ? "override_up" : "override_down")} />
        <FigureTable title={t("reliability")} figures={only("unassessed", "late")} name={(figure) => t(figure.name === "late" ? "late" : "unassessed")} foot={<Times drift={drift} />} />
      </div>
      <div className={classes["column"]}>
        <FigureTable title={t("levels")} figures={byLevel} name={level} />
        <Scores drift={drift} />
      </div>
      <FigureTable title={t("cues")} figures={figuresOf(drift, "cue")} name={(figure) => cue(codeOf(figure))} wide />
    </div>
  );
}

function Times({ drift }: { drift: Drift }) {
  const t = useWords("triage");
  const times = drift.weeks.at(-1)!.times;
  if (times === null) return null;
  const ms = (seconds: number) => (seconds < 0.01 ? (1000 * seconds).toFixed(1) : Math.round(1000 * seconds));
  return (
    <p className={classes["dim"]} data-testid="triage-times">
      {t("times")}: {t("times_of", { p50: ms(times.p50), p95: ms(times.p95), p99: ms(times.p99) })}
    </p>
  );
}

function How() {
  const t = useWords("triage");
  return (
    <details className={classes["how"]}>
      <summary>{t("how")}</summary>
      <p>{t("how_shares")}</p>
      <p>{t("how_scores")}</p>
      <p>{t("how_overrides")}</p>
    </details>
  );
}
