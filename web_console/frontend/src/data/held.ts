/** What a person has begun in a panel and not sent: it outlives the panel's closing, so that a look at another tab or
 * contact loses nothing. In this page's memory only; signing out forgets it. */
import { useCallback } from "react";
import { create } from "zustand";
import { useSession } from "./session";

const useThings = create<{ held: Readonly<Record<string, unknown>> }>(() => ({ held: {} }));

useSession.subscribe(({ user }) => {
  if (user === null) useThings.setState({ held: {} });
});

/** Like `useState`, by a name that is the same when the panel is opened again. */
export function useHeld<T>(name: string, first: T): [T, (value: T) => void] {
  const held = useThings((state) => state.held[name]) as T | undefined;
  const hold = useCallback((value: T) => useThings.setState((state) => ({ held: { ...state.held, [name]: value } })), [name]);
  return [held === undefined ? first : held, hold];
}
