/**
 * What a team pressed while there was no network: kept on the phone, in order, until the server has it.
 *
 *   queued ──sent──▶ (gone)
 *     ▲  └─refused──▶ refused ──forget──▶ (gone)
 *     └── no network: stays
 *
 * A report carries no version: it says what happened ("we are on scene"), and that stays true when the dispatcher has
 * changed a fact meanwhile. It is sent on the version that is known at that moment, after one fresh look.
 */
import { moveAlert, type AlertMove } from "./alertCommands";
import { type Alert, isOpen } from "./alerts";
import { http } from "../wire/http";
import { newId } from "../wire/ids";
import { Problem } from "../wire/problem";
import { learn, store } from "./store";

export interface FieldReport {
  id: string;
  /** Who pressed it: only they send it, whoever signs in on this phone next. */
  by: string;
  alert_id: string;
  move: AlertMove;
  facts: Record<string, unknown>;
  pressed_at: string;
  state: "queued" | "refused";
  refusal?: string;
}

/** How the alert will read once what is waiting has been sent: the buttons go on in order without a network. */
export function foreseen(alert: Alert, reports: readonly FieldReport[]): Alert {
  return reports
    .filter((report) => report.alert_id === alert.id && report.state === "queued")
    .reduce((seen, report) => ({ ...seen, state: STATE_AFTER[report.move] ?? seen.state }), alert);
}

const STATE_AFTER: Partial<Record<AlertMove, Alert["state"]>> = {
  en_route: "en_route",
  on_scene: "on_scene",
  handed_over: "handed_over",
  close: "closed",
};

type Send = (report: FieldReport) => Promise<unknown>;

export class FieldReports {
  private items: FieldReport[];
  private sending = false;
  private readonly listeners = new Set<() => void>();

  constructor(
    private readonly storage: Storage,
    private readonly key: string,
    private readonly send: Send,
    private readonly whoAmI: () => string,
  ) {
    this.items = restore(storage, key);
  }

  readonly list = (): readonly FieldReport[] => this.items;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  async add(alertId: string, move: AlertMove, facts: Record<string, unknown>, now: Date): Promise<void> {
    this.set([...this.items, { id: newId(), by: this.whoAmI(), alert_id: alertId, move, facts, pressed_at: now.toISOString(), state: "queued" }]);
    await this.flush();
  }

  /** Send what waits, in order. Without a network it stays; a refusal is kept to be read. */
  async flush(): Promise<void> {
    if (this.sending) return;
    this.sending = true;
    try {
      for (let next = this.next(); next; next = this.next()) if (!(await this.deliver(next))) return;
    } finally {
      this.sending = false;
    }
  }

  forget(id: string): void {
    this.set(this.items.filter((item) => item.id !== id));
  }

  private next(): FieldReport | undefined {
    return this.items.find((item) => item.state === "queued" && item.by === this.whoAmI());
  }

  /** False when there is no way to the server now. */
  private async deliver(report: FieldReport): Promise<boolean> {
    try {
      await this.send(report);
      this.forget(report.id);
      return true;
    } catch (error) {
      if (!(error instanceof Problem) || isPassing(error)) return false;
      this.refuse(report, error.code);
      return true;
    }
  }


  private refuse(report: FieldReport, code: string): void {
    this.set(this.items.map((item) => (item.id === report.id ? { ...item, state: "refused", refusal: code } : item)));
  }

  private set(items: FieldReport[]): void {
    this.items = items;
    try {
      if (items.length === 0) this.storage.removeItem(this.key);
      else this.storage.setItem(this.key, JSON.stringify(items));
    } catch {
      // Storage is full or forbidden: the list in memory still sends.
    }
    for (const listener of this.listeners) listener();
  }
}

/** Nothing was decided: no network, a failing server, too fast, or the session has to be renewed first. */
const isPassing = (problem: Problem): boolean => problem.status === 0 || problem.status >= 500 || problem.status === 429 || problem.status === 401;

function restore(storage: Storage, key: string): FieldReport[] {
  try {
    return JSON.parse(storage.getItem(key) ?? "[]") as FieldReport[];
  } catch {
    return [];
  }
}

/** Send one report on the version that is known now; where that has passed, look again once. */
export async function sendReport(report: FieldReport): Promise<void> {
  const known = store.getState().alerts[report.alert_id] ?? (await look(report.alert_id));
  try {
    await moveAlert(known, report.move, report.facts);
  } catch (error) {
    if (!(error instanceof Problem) || error.code !== "stale_version") throw error;
    const fresh = await look(report.alert_id);
    if (!isOpen(fresh)) throw new Problem(409, "wrong_state", "");
    await moveAlert(fresh, report.move, report.facts);
  }
}

async function look(id: string): Promise<Alert> {
  return learn("alert", await http.get<Alert>(`/api/alerts/${id}`));
}
