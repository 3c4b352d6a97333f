/**
 * Messages that were written and are not yet acknowledged. They survive a lost line and a reload; each is sent again on
 * every reconnection under the same `client_id`, which the server answers once, and leaves only with its acknowledgement.
 *
 *   queued ──send──▶ sent ──ack──▶ (gone)
 *     ▲               │ └─error──▶ refused ──retry──▶ queued
 *     └── line lost ──┘
 */
export interface Unsent {
  client_id: string;
  /** Which conversation; the help-seeker's page has only one. */
  contact_id: string;
  /** Who wrote it, on a desk that several share: only they send it, whoever signs in next. */
  by?: string | undefined;
  text: string;
  written_at: string;
  state: "queued" | "sent" | "refused";
  /** The server's code, where it refused. */
  refusal?: string;
}

export class Outbox {
  private items: Unsent[];
  private readonly listeners = new Set<() => void>();

  constructor(
    private readonly storage: Storage,
    private readonly key: string,
    private readonly transmit: (item: Unsent) => boolean,
    private readonly whoAmI: () => string | undefined = () => undefined,
  ) {
    this.items = restore(storage, key);
  }

  /** A stable array until something changes (fit for useSyncExternalStore). */
  readonly list = (): readonly Unsent[] => this.items;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly isMine = (item: Unsent): boolean => item.by === this.whoAmI();

  add(item: Omit<Unsent, "state" | "by">): void {
    this.set([...this.items, { ...item, by: this.whoAmI(), state: "queued" }]);
    this.flush();
  }

  /** The line is up: everything not acknowledged goes out (again), in the order in which it was written. */
  resend(): void {
    this.lineLost();
    this.flush();
  }

  lineLost(): void {
    this.set(this.items.map((item) => (item.state === "sent" ? { ...item, state: "queued" } : item)));
  }

  acknowledged(clientId: string): void {
    this.set(this.items.filter((item) => item.client_id !== clientId));
  }

  refused(clientId: string, code: string): void {
    this.change(clientId, { state: "refused", refusal: code });
  }

  retry(clientId: string): void {
    this.change(clientId, { state: "queued" });
    this.flush();
  }

  /** What another tab has not sent yet goes, too. */
  clear(): void {
    this.set([]);
    keep(this.storage, this.key, []);
  }

  private flush(): void {
    for (const item of this.items) {
      if (item.state !== "queued" || !this.isMine(item)) continue;
      // In order: if this one cannot go, none after it may overtake it.
      if (!this.transmit(item)) return;
      this.change(item.client_id, { state: "sent" });
    }
  }

  private change(clientId: string, change: Partial<Unsent>): void {
    this.set(this.items.map((item) => (item.client_id === clientId ? { ...item, ...change } : item)));
  }

  private set(items: Unsent[]): void {
    const mine = new Set(this.items.map((item) => item.client_id));
    this.items = items;
    // Tabs share the storage: what another one has written there meanwhile is not this one's to throw away.
    const others = restore(this.storage, this.key).filter((item) => !mine.has(item.client_id) && !items.some((each) => each.client_id === item.client_id));
    keep(this.storage, this.key, [...others, ...items]);
    for (const listener of this.listeners) listener();
  }
}

function restore(storage: Storage, key: string): Unsent[] {
  try {
    const items = JSON.parse(storage.getItem(key) ?? "[]") as Unsent[];
    return items.map((item) => (item.state === "sent" ? { ...item, state: "queued" } : item));
  } catch {
    return [];
  }
}

function keep(storage: Storage, key: string, items: Unsent[]): void {
  try {
    if (items.length === 0) storage.removeItem(key);
    else storage.setItem(key, JSON.stringify(items));
  } catch {
    // Storage is full or forbidden (private window): the list in memory still sends.
  }
}
