import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { Alert } from "../../data/alerts";
import { isOpen } from "../../data/alerts";
import { boardOf } from "../../data/dispatch";
import { useKnown } from "../../data/store";
import { loadAlerts } from "../../data/teams";
import { Empty, Failed, Loading } from "../../ui/states";
import { useWords } from "../../words/words";
import { useDayStart } from "../dispatch/useDayStart";
import { useRinging } from "../dispatch/useRinging";
import classes from "./Police.module.css";
import { PoliceAlert } from "./PoliceAlert";

/** What was handed over to the police, what is under way, what ended today: the facts of going there and no others. */
export default function PoliceDesk() {
  const t = useWords("police");
  const ready = useKnown((known) => known.ready);
  const generation = useKnown((known) => known.generation);
  const known = useKnown((held) => held.alerts);
  const { error, refetch } = useQuery({ queryKey: ["alerts", "police", generation], queryFn: () => loadAlerts("all"), enabled: ready });
  const today = useDayStart();
  const board = useMemo(() => boardOf(known, today), [known, today]);
  const fresh = useMemo(() => [...board.answer, ...board.assigned].filter((alert) => alert.assigned_to?.kind === "police_desk"), [board]);
  const going = useMemo(() => [...board.en_route, ...board.on_scene].filter((alert) => alert.assigned_to?.kind === "police_desk"), [board]);
  const ended = board.closed.filter((alert) => alert.assigned_to?.kind === "police_desk");
  const ringing = useMemo(() => fresh.map((alert) => ({ ...alert, state: "raised" as const })), [fresh]);
  const { unseen, see } = useRinging(ringing);
  if (!ready) return <Loading rows={4} />;
  const rings = new Set(unseen.map((alert) => alert.id));
  const group = (name: "new" | "going" | "ended", alerts: readonly Alert[]) =>
    alerts.length > 0 ? (
      <section aria-label={t(name)}>
        <h2>
          {t(name)} <b className="tabular">{alerts.length}</b>
        </h2>
        {alerts.map((alert) => (
          <PoliceAlert key={alert.id} alert={alert} ringing={isOpen(alert) && rings.has(alert.id)} onSeen={() => see([{ ...alert, state: "raised" }])} />
        ))}
      </section>
    ) : null;
  return (
    <div className={classes["page"]} data-testid="police-desk">
      <header>
        <h1>{t("title")}</h1>
        <p>{t("minimum")}</p>
      </header>
      {error ? <Failed error={error} retry={() => void refetch()} /> : null}
      {fresh.length + going.length === 0 ? <Empty icon="bell" title={t("nothing")} body={t("nothing_body")} /> : null}
      {group("new", fresh)}
      {group("going", going)}
      {group("ended", ended)}
    </div>
  );
}
