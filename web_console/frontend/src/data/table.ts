/** Things of one noun by id. A new object whenever something in it changed, the same object when nothing did. */
export type Table<T> = Readonly<Record<string, T>>;

interface Versioned {
  id: string;
  version?: number;
}

/** Put `item` in, unless what is held is newer: an HTTP answer may arrive after the frame that overtook it. */
export function upsert<T extends Versioned>(table: Table<T>, item: T): Table<T> {
  const held = table[item.id];
  if (held?.version !== undefined && item.version !== undefined && held.version > item.version) return table;
  return { ...table, [item.id]: item };
}

export function upsertAll<T extends Versioned>(table: Table<T>, items: readonly T[]): Table<T> {
  return items.reduce(upsert<T>, table);
}

export function without<T>(table: Table<T>, id: string): Table<T> {
  if (!(id in table)) return table;
  const { [id]: _gone, ...rest } = table;
  return rest;
}

export function fromList<T extends { id: string }>(items: readonly T[]): Table<T> {
  return Object.fromEntries(items.map((item) => [item.id, item]));
}
