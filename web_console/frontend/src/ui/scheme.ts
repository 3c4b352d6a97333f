/** Light and dark for the page without Mantine: the same attribute and the same stored choice as Mantine's. */
import { useSyncExternalStore } from "react";

export type Scheme = "auto" | "light" | "dark";

const STORED = "mantine-color-scheme-value";
const dark = () => window.matchMedia("(prefers-color-scheme: dark)");
const listeners = new Set<() => void>();
let scheme: Scheme = "auto";

function show(): void {
  const shown = scheme === "auto" ? (dark().matches ? "dark" : "light") : scheme;
  document.documentElement.setAttribute("data-mantine-color-scheme", shown);
}

export function startScheme(): void {
  try {
    const stored = localStorage.getItem(STORED);
    if (stored === "light" || stored === "dark") scheme = stored;
  } catch {
    // Storage is forbidden: follow the system.
  }
  dark().addEventListener("change", show);
  show();
}

export function setScheme(wanted: Scheme): void {
  scheme = wanted;
  try {
    localStorage.setItem(STORED, wanted);
  } catch {
    // Lasts as long as the page.
  }
  show();
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const useScheme = (): Scheme => useSyncExternalStore(subscribe, () => scheme);
