import { Button } from "@mantine/core";
import { type KeyboardEvent, useEffect, useMemo } from "react";
import { useLocation, useParams } from "wouter";
import { useQuery } from "@tanstack/react-query";
import { type Alert, isOpen } from "../../data/alerts";
import { boardOf, COLUMNS, type Column, ringOf, ringsFor } from "../../data/dispatch";
import { useUser } from "../../data/session";
import { useKnown } from "../../data/store";
import { loadAlerts } from "../../data/teams";
import { Icon } from "../../ui/Icon";
import { Empty, Failed, Loading } from "../../ui/states";
import { useWords } from "../../words/words";
import { AlertCard } from "./AlertCard";
import { AlertPanel } from "./AlertPanel";
import classes from "./Board.module.css";
import { News } from "./News";
import { useDayStart } from "./useDayStart";
import { useRinging } from "./useRinging";

export default function Board() {
  const ready = useKnown((known) => known.ready);
  const generation = useKnown((known) => known.generation);
  const alerts = useKnown((known) => known.alerts);
  const { error, refetch } = useQuery({ queryKey: ["alerts", "all", generation], queryFn: () => loadAlerts("all"), enabled: ready });
  const today = useDayStart();
  const board = useMemo(() => boardOf(alerts, today), [alerts, today]);
  const { id } = useParams<{ id?: string }>();
  const [, go] = useLocation();
  const selected = id ? alerts[id] : undefined;
  const user = useUser();
  const calling = useMemo(() => board.answer.filter((alert) => ringsFor(user, alert)), [board, user]);
  const ringing = useRinging(calling);
  const { see } = ringing;
  useEffect(() => {
    // Opening it is seeing it; when it rings again while it stands open, that has to be seen anew.
    if (selected) see([selected]);
  }, [id, selected === undefined]);
  if (!ready) return <Loading rows={5} />;
  return (
    <div className={classes["page"]} data-panel={selected ? "open" : undefined} data-testid="dispatch-board">
      <div className={classes["board"]}>
        <Header unseen={ringing.unseen} see={see} />
        {error ? <Failed error={error} retry={() => void refetch()} /> : null}
        <div className={classes["columns"]} onKeyDown={moveFocus}>
          {COLUMNS.map((column) => (
            <BoardColumn key={column} column={column} alerts={board[column]} selectedId={id} unseen={ringing.unseen} onOpen={(alert) => go(`/dispatch/${alert.id}`)} see={see} />
          ))}
        </div>
      </div>
      <aside className={classes["side"]}>{selected ? <AlertPanel alert={selected} onClose={() => go("/dispatch")} /> : <News alerts={alerts} onOpen={(alertId) => go(`/dispatch/${alertId}`)} />}</aside>
    </div>
  );
}

function Header({ unseen, see }: { unseen: readonly Alert[]; see: (alerts: readonly Alert[]) => void }) {
  const t = useWords("dispatch");
  return (
    <header className={classes["header"]}>
      <h1>{t("title")}</h1>
      <span className={classes["keys"]}>{t("keys")}</span>
      {unseen.length > 0 ? (
        <div className={classes["ringing"]} data-testid="dispatch-ringing">
          <Icon name="bell" size={16} />
          <strong>{t("ringing", { n: unseen.length })}</strong>
          <Button size="compact-sm" variant="default" onClick={() => see(unseen)} data-testid="dispatch-silence">
            {t("silence")}
          </Button>
        </div>
      ) : null}
    </header>
  );
}

interface ColumnProps {
  column: Column;
  alerts: readonly Alert[];
  selectedId: string | undefined;
  unseen: readonly Alert[];
  onOpen: (alert: Alert) => void;
  see: (alerts: readonly Alert[]) => void;
}

function BoardColumn({ column, alerts, selectedId, unseen, onOpen, see }: ColumnProps) {
  const t = useWords("dispatch");
  const rings = new Set(unseen.map(ringOf));
  return (
    <section className={classes["column"]} data-column={column} aria-label={t(`column_${column}`)} data-testid={`column-${column}`}>
      <h2>
        {t(`column_${column}`)} <b className="tabular">{alerts.length}</b>
      </h2>
      {alerts.length === 0 ? (
        column === "answer" ? (
          <Empty icon="check" title={t("column_answer_empty")} />
        ) : (
          <p className={classes["empty"]}>{t("column_empty")}</p>
        )
      ) : (
        <ul>
          {alerts.map((alert) => (
            <AlertCard key={alert.id} alert={alert} selected={alert.id === selectedId} ringing={isOpen(alert) && rings.has(ringOf(alert))} onOpen={() => onOpen(alert)} onSeen={() => see([alert])} />
          ))}
        </ul>
      )}
    </section>
  );
}

const STEPS: Record<string, number> = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };

/** Arrows go from card to card, through the columns. */
function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  const step = STEPS[event.key];
  if (step === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
  const cards = [...event.currentTarget.querySelectorAll<HTMLElement>("[data-card]")];
  const next = cards[cards.indexOf(document.activeElement as HTMLElement) + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
}
