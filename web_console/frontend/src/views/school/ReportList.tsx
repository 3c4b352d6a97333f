import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import { Link } from "wouter";
import { restoreDraft, useSchoolDraft } from "../../data/schoolDraft";
import { loadReports } from "../../data/schoolReportCommands";
import { listedReports } from "../../data/schoolReports";
import { may, useUser } from "../../data/session";
import { useKnown } from "../../data/store";
import { Icon } from "../../ui/Icon";
import { Empty, Failed } from "../../ui/states";
import { useWords } from "../../words/words";
import { useClockTime } from "../dispatch/Timeline";
import { ColorChip } from "./ColorChip";
import { Numbers } from "./Numbers";
import classes from "./School.module.css";

export function ReportList() {
  const t = useWords("school");
  const writes = may(useUser(), "school.report");
  const generation = useKnown((known) => known.generation);
  const known = useKnown((held) => held.schoolReports);
  const reports = useMemo(() => listedReports(known), [known]);
  const { error, refetch } = useQuery({ queryKey: ["school-reports", generation], queryFn: loadReports });
  return (
    <>
      <header className={classes["header"]}>
        <h1>{t("title")}</h1>
        {writes ? <NewButton /> : null}
      </header>
      {writes ? (
        <aside className={classes["emergency"]}>
          <strong>{t("emergency")}</strong>
          <Numbers />
        </aside>
      ) : null}
      {error ? <Failed error={error} retry={() => void refetch()} /> : null}
      {reports.length === 0 && !error ? <Empty icon="note" title={t("none")} {...(writes ? { body: t("none_body") } : {})} /> : null}
      <ul className={classes["list"]} aria-label={t("list")}>
        {reports.map((report) => (
          <Row key={report.id} id={report.id} />
        ))}
      </ul>
    </>
  );
}

function NewButton() {
  const t = useWords("school");
  const started = useSchoolDraft((draft) => Object.keys(draft.answers).length > 0);
  useEffect(() => void restoreDraft(), []);
  return (
    <Button component="a" href="#/school-reports/new" leftSection={<Icon name="plus" size={16} />} data-testid="school-new">
      {started ? t("resume") : t("new")}
    </Button>
  );
}

function Row({ id }: { id: string }) {
  const t = useWords("school");
  const at = useClockTime();
  const report = useKnown((known) => known.schoolReports[id]);
  if (!report) return null;
  return (
    <li>
      <Link href={`/school-reports/${report.id}`} className={classes["row"] ?? ""} data-testid="school-report" data-report={report.id} data-state={report.state}>
        <ColorChip color={report.level_color} />
        <span className={classes["row_name"]}>
          <b>{report.number}</b> <span>{report.school}</span>
        </span>
        <span>{t(`state_${report.state}`)}</span>
        <span className={classes["quiet"]}>{report.handled_by?.name ?? (report.state === "closed" ? "" : t("nobody_yet"))}</span>
        <time className="tabular" dateTime={report.created_at}>
          {at(report.created_at)}
        </time>
      </Link>
    </li>
  );
}
