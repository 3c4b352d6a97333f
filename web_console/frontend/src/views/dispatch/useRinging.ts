import { useCallback, useEffect, useMemo, useState } from "react";
import type { Alert } from "../../data/alerts";
import { ringing, ringOf } from "../../data/dispatch";
import { announce } from "../../ui/live";
import { notify } from "../../ui/notify";
import { play } from "../../ui/sounds";
import { useWords } from "../../words/words";
import { useWhat } from "./phrases";

/** Between two rings: long enough to hear oneself speak on the telephone, short enough not to be missed. */
const RING_EVERY_MS = 4_000;

interface Ringing {
  unseen: readonly Alert[];
  see: (alerts: readonly Alert[]) => void;
}

/** Sound until seen. `select` says which alerts ring for this desk; each new ring of one (the next rung) is to be seen anew. */
export function useRinging(alerts: readonly Alert[]): Ringing {
  const t = useWords("dispatch");
  const whatOf = useWhat();
  const [seen, setSeen] = useState<ReadonlySet<string>>(new Set());
  const unseen = useMemo(() => ringing(alerts, seen), [alerts, seen]);
  const see = useCallback((looked: readonly Alert[]) => {
    setSeen((held) => (looked.every((alert) => held.has(ringOf(alert))) ? held : new Set([...held, ...looked.map(ringOf)])));
  }, []);
  useSound(unseen.length > 0);
  const newest = unseen[0] ? ringOf(unseen[0]) : null;
  useEffect(() => {
    const alert = unseen[0];
    if (!alert) return;
    announce(t("announce", { what: whatOf(alert) }), "assertive");
    notify(t("ringing", { n: unseen.length }), "alert");
    // Once per ring; the words of a changed language are not said again.
  }, [newest]);
  return { unseen, see };
}

export function useSound(on: boolean): void {
  useEffect(() => {
    if (!on) return;
    ring();
    const again = setInterval(ring, RING_EVERY_MS);
    return () => clearInterval(again);
  }, [on]);
}

/** A phone in a pocket shakes as well; browsers refuse that, with a complaint, to a page that nobody has touched yet. */
function ring(): void {
  play("alert");
  if (navigator.userActivation?.hasBeenActive !== false) navigator.vibrate?.([300, 150, 300]);
}
