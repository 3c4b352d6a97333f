import { useSyncExternalStore } from "react";
import { serverNow } from "../wire/serverClock";

/** One ticking clock for every timer on the page, so that they all turn over together and cost one interval. It is the
 * server's: what it is compared with are the server's times. */
const listeners = new Set<() => void>();
let ticking: ReturnType<typeof setInterval> | undefined;
let second = Math.floor(serverNow() / 1000);

function tick(): void {
  const now = Math.floor(serverNow() / 1000);
  if (now === second) return;
  second = now;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  // Four looks a second: a figure is never seen to skip one.
  ticking ??= setInterval(tick, 250);
  tick();
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(ticking);
    ticking = undefined;
  };
}

/** Now on the server, in whole seconds since the epoch; renders again every second. */
export function useSecond(): number {
  return useSyncExternalStore(subscribe, () => second);
}

/** 72 → "1:12", 3672 → "1:01:12". */
export function running(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (n: number) => String(n).padStart(2, "0");
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

export const secondsSince = (time: string, now: number): number => now - Math.floor(Date.parse(time) / 1000);
