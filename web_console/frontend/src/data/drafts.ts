/** Half-written sentences, per contact: kept here at once and on the server a moment later, so that neither a reload nor
 * another desk loses them. The copy on this computer goes as soon as the server has it. Each person's own: whoever signs in next
 * at this computer neither sees it nor saves it as theirs. */
import { useCallback, useEffect, useState } from "react";
import { create } from "zustand";
import { http } from "../wire/http";
import { useSession } from "./session";

export type DraftKind = "composer" | "note";

/** The server hears of a draft when the writing pauses for this long; at once that it is empty: what was sent must not come back
 * as a draft, to be sent again, though the page was closed right after. */
const SAVE_AFTER_MS = 1_000;

const useDrafts = create<{ texts: Readonly<Record<string, string>> }>(() => ({ texts: {} }));
const timers = new Map<string, ReturnType<typeof setTimeout>>();
const fetched = new Set<string>();
const saving = new Map<string, Promise<void>>();

const me = (): string => useSession.getState().user?.id ?? "";
const keyOf = (contactId: string, kind: DraftKind): string => `hotline.draft.${me()}.${contactId}.${kind}`;

export function useDraft(contactId: string, kind: DraftKind): [text: string, write: (text: string) => void] {
  const key = keyOf(contactId, kind);
  const text = useDrafts((state) => state.texts[key]);
  const [first] = useState(() => text ?? local(key) ?? "");
  useEffect(() => {
    if (text === undefined) void restore(contactId);
  }, [contactId, text]);
  const write = useCallback((value: string) => writeDraft(contactId, kind, value), [contactId, kind]);
  return [text ?? first, write];
}

export function writeDraft(contactId: string, kind: DraftKind, text: string): void {
  const key = keyOf(contactId, kind);
  show(key, text);
  setLocal(key, text);
  clearTimeout(timers.get(key));
  timers.set(
    key,
    setTimeout(() => queueSave(contactId, kind, key), text === "" ? 0 : SAVE_AFTER_MS),
  );
}

/** One after the other: an earlier text that is slow on its way must not arrive last. */
function queueSave(contactId: string, kind: DraftKind, key: string): void {
  saving.set(key, (saving.get(key) ?? Promise.resolve()).then(() => save(contactId, kind, key)));
}

async function save(contactId: string, kind: DraftKind, key: string): Promise<void> {
  if (key !== keyOf(contactId, kind)) return;
  const text = useDrafts.getState().texts[key] ?? "";
  try {
    await http.put(`/api/contacts/${contactId}/draft`, { kind, text });
    if (useDrafts.getState().texts[key] === text) setLocal(key, null);
  } catch {
    // The copy on this computer stays; the next pause tries again.
  }
}

/** What an earlier page or another desk left: this computer's copy is the newer one. */
async function restore(contactId: string): Promise<void> {
  const owner = me();
  if (fetched.has(`${owner} ${contactId}`)) return;
  fetched.add(`${owner} ${contactId}`);
  const saved = await http.get<Record<DraftKind, string | null>>(`/api/contacts/${contactId}/draft`).catch(() => null);
  if (owner !== me()) return;
  for (const kind of ["composer", "note"] as const) {
    const key = keyOf(contactId, kind);
    if (useDrafts.getState().texts[key] === undefined) show(key, local(key) ?? saved?.[kind] ?? "");
  }
}

function show(key: string, text: string): void {
  useDrafts.setState(({ texts }) => ({ texts: { ...texts, [key]: text } }));
}

function local(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function setLocal(key: string, text: string | null): void {
  try {
    if (text) localStorage.setItem(key, text);
    else localStorage.removeItem(key);
  } catch {
    // The server's copy then has to do.
  }
}
