import { useMemo } from "react";
import { useLocation, useParams } from "wouter";
import { type Alert, openAlerts } from "../../data/alerts";
import { fieldReports, useFieldReports, useOnline } from "../../data/fieldOutbox";
import { type FieldReport, foreseen } from "../../data/fieldReports";
import { useKnown } from "../../data/store";
import { Icon } from "../../ui/Icon";
import { LevelChip } from "../../ui/LevelChip";
import { Empty, Loading, useExplain } from "../../ui/states";
import { Problem } from "../../wire/problem";
import { useWords } from "../../words/words";
import { stepWord, useWhat } from "../dispatch/phrases";
import { useClockTime } from "../dispatch/Timeline";
import { useRinging } from "../dispatch/useRinging";
import { CallOut } from "./CallOut";
import classes from "./Team.module.css";

/** The crisis team's phone: what they are sent to, and one big button for each step. */
export default function TeamPage() {
  const t = useWords("team");
  const ready = useKnown((known) => known.ready);
  const known = useKnown((held) => held.alerts);
  const reports = useFieldReports();
  const alerts = useMemo(() => openAlerts(known).filter((alert) => alert.assigned_to !== null), [known]);
  const { id } = useParams<{ id?: string }>();
  const [, go] = useLocation();
  const rings = useMemo(() => alerts.filter((alert) => alert.state === "assigned" || alert.state === "raised"), [alerts]);
  const { see } = useCallOutSound(rings);
  const alert = (id ? known[id] : undefined) ?? (alerts.length === 1 ? alerts[0] : undefined);
  if (!ready) return <Loading rows={4} />;
  return (
    <div className={classes["page"]} data-testid="team-page">
      <h1 className="visually-hidden">{t("title")}</h1>
      <NotSent reports={reports} />
      {alerts.length > 1 || (alert && !alerts.includes(alert) && alerts.length > 0) ? (
        <Choice alerts={alerts} chosen={alert} onChoose={(one) => go(`/team/${one.id}`)} />
      ) : null}
      {alert ? <CallOut key={alert.id} alert={alert} seen={foreseen(alert, reports)} onSeen={() => see([alert])} /> : null}
      {!alert && alerts.length === 0 ? <Empty icon="bell" title={t("nothing")} body={t("nothing_body")} /> : null}
    </div>
  );
}

/** A call-out rings like an alert that waits for an answer, until it is opened. */
function useCallOutSound(alerts: readonly Alert[]) {
  const ringing = useMemo(() => alerts.map((alert) => ({ ...alert, state: "raised" as const })), [alerts]);
  const { see } = useRinging(ringing);
  return { see: (looked: readonly Alert[]) => see(looked.map((alert) => ({ ...alert, state: "raised" as const }))) };
}

function Choice({ alerts, chosen, onChoose }: { alerts: readonly Alert[]; chosen: Alert | undefined; onChoose: (alert: Alert) => void }) {
  const t = useWords("team");
  const whatOf = useWhat();
  return (
    <nav className={classes["choice"]} aria-label={t("several", { n: alerts.length })}>
      <p>{t("several", { n: alerts.length })}</p>
      {alerts.map((alert) => (
        <button key={alert.id} type="button" aria-pressed={alert.id === chosen?.id} onClick={() => onChoose(alert)} data-testid="team-choice">
          <LevelChip level={alert.level} />
          <span>{alert.where || whatOf(alert)}</span>
        </button>
      ))}
    </nav>
  );
}

/** Says so while there is no network, and what is not sent yet. */
function NotSent({ reports }: { reports: readonly FieldReport[] }) {
  const t = useWords("team");
  const online = useOnline();
  const queued = reports.filter((report) => report.state === "queued");
  const refused = reports.filter((report) => report.state === "refused");
  if (online && reports.length === 0) return null;
  return (
    <div className={classes["unsent"]} role="status" data-testid="team-unsent">
      {online ? null : (
        <p>
          <Icon name="offline" size={16} /> {t("offline")}
        </p>
      )}
      {queued.length > 0 ? <Queued reports={queued} /> : null}
      {refused.map((report) => (
        <Refused key={report.id} report={report} />
      ))}
    </div>
  );
}

function Queued({ reports }: { reports: readonly FieldReport[] }) {
  const t = useWords("team");
  const word = useMoveWord();
  const at = useClockTime();
  return (
    <div>
      <strong>{t("unsent", { n: reports.length })}</strong>
      <ul>
        {reports.map((report) => (
          <li key={report.id}>{t("unsent_item", { what: word(report), time: at(report.pressed_at) })}</li>
        ))}
      </ul>
      <button type="button" onClick={() => void fieldReports.flush()} data-testid="team-send-now">
        {t("send_now")}
      </button>
    </div>
  );
}

function Refused({ report }: { report: FieldReport }) {
  const t = useWords("team");
  const word = useMoveWord();
  const explain = useExplain();
  return (
    <div data-testid="team-refused">
      {t("refused_item", { what: word(report), why: explain(new Problem(409, report.refusal ?? "failed", "")) })}{" "}
      <button type="button" onClick={() => fieldReports.forget(report.id)}>
        {t("forget")}
      </button>
    </div>
  );
}

const KIND_OF: Record<string, string> = { close: "closed", confirm_contact: "contact_confirmed", decline: "declined", update: "updated" };

function useMoveWord(): (report: FieldReport) => string {
  const t = useWords("dispatch");
  return ({ move }) => stepWord(t, { at: "", actor: null, note: null, kind: KIND_OF[move] ?? move });
}
