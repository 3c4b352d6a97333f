/**
 * The server's clock, as every answer names it. Desks' own clocks go wrong by minutes, and a page that believes its own counts
 * an offer as run out while it still rings.
 *
 * An answer that was made between `sentAt` and now says which offsets are possible; the one in use moves only as far as it must.
 */
let ahead = 0;

/** What an answer's `Date` header tells; it is cut to whole seconds. */
export function noteServerTime(date: string | null, sentAt: number): void {
  const said = date === null ? Number.NaN : Date.parse(date);
  if (Number.isNaN(said)) return;
  ahead = Math.min(Math.max(ahead, said - Date.now()), said + 1000 - sentAt);
}

/** Now on the server, in milliseconds since the epoch. Whatever is compared with a time that the server told begins here. */
export const serverNow = (): number => Date.now() + ahead;
