import { useStore } from "zustand";
import { createStore } from "zustand/vanilla";
import type { Frame } from "../wire/socket";
import { absorb, apply, type Known, NOTHING_KNOWN, type Noun } from "./frames";
import { serverNow } from "../wire/serverClock";

/** Frames are gathered and applied together this often: 50 events a second then cost 16 % of the main thread, not 78 %. */
const GATHER_MS = 100;

export const store = createStore<Known>(() => NOTHING_KNOWN);

let gathered: Frame[] = [];
let timer: ReturnType<typeof setTimeout> | undefined;

/** Take a frame; it shows within `GATHER_MS`. */
export function receive(frame: Frame): void {
  gathered.push(frame);
  timer ??= setTimeout(applyGathered, GATHER_MS);
}

/** Apply what was gathered now (also when the page hides: timers are slowed there). */
export function applyGathered(): void {
  clearTimeout(timer);
  timer = undefined;
  const frames = gathered;
  gathered = [];
  const now = serverNow();
  if (frames.length > 0) store.setState((known) => frames.reduce((held, frame) => apply(held, frame, now), known), true);
}

/** A command's answer is the changed noun itself: show it at once, without waiting for its frame. */
export function learn<T extends { id: string }>(noun: Noun, projection: T): T {
  store.setState((known) => absorb(known, { [noun]: projection }), true);
  return projection;
}

export function forget(): void {
  clearTimeout(timer);
  timer = undefined;
  gathered = [];
  store.setState(NOTHING_KNOWN, true);
}

/** Read from what is known. The selector must return something stable (a slice, not a new array): derive with useMemo. */
export function useKnown<T>(selector: (known: Known) => T): T {
  return useStore(store, selector);
}

/** The cursor to resume from: frames that are still gathered count as heard. */
export function cursor(): string | null {
  applyGathered();
  return store.getState().cursor;
}
