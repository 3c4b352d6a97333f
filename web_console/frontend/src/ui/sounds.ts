/**
 * Three sounds made in the browser (no files), each with its own volume. Browsers keep a page silent until a click: `unlock`
 * is called by the first one, and `useSoundBlocked` says as long as there was none.
 */
import { useSyncExternalStore } from "react";

export type Sound = "offer" | "message" | "alert";

/** Tones as [hertz, start s, length s]: the offer rises, the message is one soft drop, the alert insists. */
const TONES: Record<Sound, readonly (readonly [number, number, number])[]> = {
  offer: [
    [523, 0, 0.16],
    [659, 0.18, 0.16],
    [784, 0.36, 0.28],
  ],
  message: [[587, 0, 0.14]],
  alert: [
    [880, 0, 0.18],
    [660, 0.2, 0.18],
    [880, 0.4, 0.18],
    [660, 0.6, 0.22],
  ],
};
const USUAL: Record<Sound, number> = { offer: 0.7, message: 0.4, alert: 0.9 };
const STORED = "hotline.volumes";

let context: AudioContext | null = null;
let volumes: Record<Sound, number> = { ...USUAL, ...stored() };
const listeners = new Set<() => void>();

function stored(): Partial<Record<Sound, number>> {
  try {
    return JSON.parse(localStorage.getItem(STORED) ?? "{}") as Partial<Record<Sound, number>>;
  } catch {
    return {};
  }
}

function changed(): void {
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** To be called inside a click or key press. */
export function unlock(): void {
  if (typeof AudioContext === "undefined") return;
  if (!context) {
    context = new AudioContext();
    context.onstatechange = changed;
  }
  if (context.state === "suspended") void context.resume().then(changed);
}

/**
 * Unlock with the first click or key anywhere on the page. Not with the press that begins the click: the warning goes away
 * with it, what is below moves up, and the button that was pressed would no longer be under the pointer.
 */
export function unlockOnFirstGesture(): () => void {
  const stop = () => {
    window.removeEventListener("click", once);
    window.removeEventListener("keydown", once);
  };
  const once = () => {
    stop();
    unlock();
  };
  window.addEventListener("click", once);
  window.addEventListener("keydown", once);
  return stop;
}

export function play(sound: Sound): void {
  const volume = volumes[sound];
  if (!context || context.state !== "running" || volume === 0) return;
  for (const [hertz, start, length] of TONES[sound]) tone(context, hertz, context.currentTime + start, length, volume);
}

function tone(audio: AudioContext, hertz: number, at: number, length: number, volume: number): void {
  const oscillator = audio.createOscillator();
  const gain = audio.createGain();
  oscillator.frequency.value = hertz;
  // Ramps instead of steps: a step clicks.
  gain.gain.setValueAtTime(0, at);
  gain.gain.linearRampToValueAtTime(volume * 0.4, at + 0.02);
  gain.gain.linearRampToValueAtTime(0, at + length);
  oscillator.connect(gain).connect(audio.destination);
  oscillator.start(at);
  oscillator.stop(at + length);
}

export function setVolume(sound: Sound, volume: number): void {
  volumes = { ...volumes, [sound]: volume };
  try {
    localStorage.setItem(STORED, JSON.stringify(volumes));
  } catch {
    // Kept for as long as the page.
  }
  changed();
}

export const useVolumes = (): Record<Sound, number> => useSyncExternalStore(subscribe, () => volumes);

export const useSoundBlocked = (): boolean => useSyncExternalStore(subscribe, () => context?.state !== "running");
