/** What a person has begun in a panel and not sent: it outlives the panel's closing, so that a look at another tab or
 * contact loses nothing. In this page's memory only; who signs in next does not find it. */
import { useCallback, useState } from "react";
import { create } from "zustand";
import { onLeaving } from "./session";

const useThings = create<{ held: Readonly<Record<string, unknown>> }>(() => ({ held: {} }));

onLeaving(() => useThings.setState({ held: {} }));

/** Like `useState`, by a name that is the same when the panel is opened again. */
export function useHeld<T extends object | string | null>(name: string, first: T | (() => T)): [T, (value: T | ((held: T) => T)) => void] {
  const [begun] = useState(first);
  const held = useThings((state) => state.held[name]) as T | undefined;
  const hold = useCallback(
    (value: T | ((held: T) => T)) =>
      useThings.setState(({ held: all }) => {
        const before = (all[name] as T | undefined) ?? begun;
        return { held: { ...all, [name]: typeof value === "function" ? value(before) : value } };
      }),
    [name, begun],
  );
  return [held === undefined ? begun : held, hold];
}
