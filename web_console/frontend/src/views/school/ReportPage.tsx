import { Button, Textarea } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "wouter";
import { loadReports, updateReport } from "../../data/schoolReportCommands";
import { askedInOrder, REPORT_STATES, type SchoolReport } from "../../data/schoolReports";
import { may, useUser } from "../../data/session";
import { useKnown } from "../../data/store";
import { useAct } from "../../ui/act";
import { secondsSince, useSecond } from "../../ui/clock";
import { Empty, Failed, Loading } from "../../ui/states";
import { usePick, useWords } from "../../words/words";
import { useClockTime } from "../dispatch/Timeline";
import { AskSchool } from "./AskSchool";
import { ColorChip } from "./ColorChip";
import { FactsOfReport, History } from "./ReportParts";
import classes from "./School.module.css";
import { Worse } from "./Worse";

/** The report for whoever handles it, in the place of a conversation: what happened first. */
export function ReportToHandle({ report }: { report: SchoolReport }) {
  return (
    <div className={classes["handled"]} data-testid="school-report-handled" data-state={report.state}>
      <FactsOfReport report={report} />
      <Asked report={report} writes={false} />
      {report.state === "closed" ? null : <AskSchool report={report} />}
      <AddNote report={report} writes={false} />
      <History report={report} />
    </div>
  );
}

/** One report: where it stands, who has it, what the school is asked to do and by when. */
export function ReportPage({ id }: { id: string }) {
  const t = useWords("school");
  const user = useUser();
  const report = useKnown((known) => known.schoolReports[id]);
  const { error, isPending, refetch } = useQuery({ queryKey: ["school-report", id], queryFn: loadReports, enabled: report === undefined });
  if (!report) {
    if (error) return <Failed error={error} retry={() => void refetch()} />;
    return isPending ? <Loading rows={4} /> : <Empty icon="search" title={t("none")} action={<Link href="/school-reports">{t("back")}</Link>} />;
  }
  const writes = may(user, "school.report");
  return (
    <article className={classes["form"]} data-testid="school-report-page" data-state={report.state}>
      <header className={classes["header"]}>
        <div>
          <Link href="/school-reports" className={classes["back"] ?? ""}>
            ← {t("back")}
          </Link>
          <h1>{report.number}</h1>
          <p className={classes["quiet"]}>
            {report.school} {report.reporter ? `· ${report.reporter}` : ""}
          </p>
        </div>
        <ColorChip color={report.level_color} />
      </header>
      <Stands report={report} />
      <Asked report={report} writes={writes} />
      {may(user, "contact.serve") && report.contact_id ? (
        <Link href={`/contacts/${report.contact_id}`} className={classes["back"] ?? ""} data-testid="school-contact">
          {t("open_contact")}
        </Link>
      ) : null}
      {writes && report.state !== "closed" ? <Worse report={report} /> : null}
      {!writes && report.state !== "closed" ? <AskSchool report={report} /> : null}
      <AddNote report={report} writes={writes} />
      <History report={report} />
      <FactsOfReport report={report} />
    </article>
  );
}

function Stands({ report }: { report: SchoolReport }) {
  const t = useWords("school");
  const alerts = useWords("dispatch");
  const at = REPORT_STATES.indexOf(report.state);
  return (
    <section className={classes["card"]} aria-label={t("stands")}>
      <ol className={classes["stands"]} data-testid="school-stands">
        {REPORT_STATES.map((state, place) => (
          <li key={state} data-done={place <= at || undefined} aria-current={place === at ? "step" : undefined}>
            {t(`state_${state}`)}
          </li>
        ))}
      </ol>
      <p>
        {t("who_has_it")}: <b data-testid="school-who">{report.handled_by ? t("handled_by", { name: report.handled_by.name }) : t("nobody_yet")}</b>
      </p>
      {report.alert_state ? (
        <p>
          {t("alert")}: <b>{alerts(`state_${report.alert_state}`)}</b>
        </p>
      ) : null}
    </section>
  );
}

function Asked({ report, writes }: { report: SchoolReport; writes: boolean }) {
  const t = useWords("school");
  const pick = usePick();
  const at = useClockTime();
  const now = useSecond();
  const { act, busy } = useAct();
  const asked = askedInOrder(report);
  return (
    <section className={classes["card"]} aria-label={t("asked")}>
      <h2>{t("asked")}</h2>
      {asked.length === 0 ? <p className={classes["quiet"]}>{t("asked_none")}</p> : null}
      <ul className={classes["asked"]} data-testid="school-asked">
        {asked.map((each) => {
          const late = each.by !== null && !each.done_at && secondsSince(each.by, now) > 0;
          return (
            <li key={`${each.code} ${each.by}`} data-done={each.done_at ? true : undefined}>
              <span>{pick(each)}</span>
              <span data-late={late || undefined}>{each.done_at ? t("asked_done") : each.by ? t(late ? "asked_late" : "asked_by", { time: at(each.by, true) }) : ""}</span>
              {writes && !each.done_at ? (
                <Button size="xs" variant="default" loading={busy} onClick={() => void act(() => updateReport(report, { done: [each.code] }))} data-testid={`school-done-${each.code}`}>
                  {t("mark_done")}
                </Button>
              ) : null}
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function AddNote({ report, writes }: { report: SchoolReport; writes: boolean }) {
  const t = useWords("school");
  const [note, setNote] = useState("");
  const { act, busy } = useAct();
  const send = async () => {
    if (await act(() => updateReport(report, { note: note.trim() }))) setNote("");
  };
  return (
    <section className={classes["card"]}>
      <Textarea label={t(writes ? "add_note" : "add_note_staff")} description={t(writes ? "add_note_help" : "add_note_staff_help")} value={note} onChange={(event) => setNote(event.currentTarget.value)} maxLength={2000} autosize minRows={2} data-testid="school-note" />
      <Button mt={10} variant="default" loading={busy} disabled={note.trim() === ""} onClick={() => void send()} data-testid="school-note-send">
        {t("add_note_do")}
      </Button>
    </section>
  );
}
