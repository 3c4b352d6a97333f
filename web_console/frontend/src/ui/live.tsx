import { useSyncExternalStore } from "react";

/** What a screen reader is told: messages politely, alerts at once, each once. */
type Urgency = "polite" | "assertive";

let said: Record<Urgency, string> = { polite: "", assertive: "" };
const listeners = new Set<() => void>();

export function announce(text: string, urgency: Urgency = "polite"): void {
  // The same words twice in a row would be no change, and so not read: a no-break space makes them one.
  const again = said[urgency] === text ? `${text}\u00a0` : text;
  said = { ...said, [urgency]: again };
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Once per page, never unmounted. */
export function LiveRegions() {
  const words = useSyncExternalStore(subscribe, () => said);
  return (
    <>
      <div className="visually-hidden" role="status" aria-live="polite" data-testid="live-polite">
        {words.polite}
      </div>
      <div className="visually-hidden" role="alert" aria-live="assertive" data-testid="live-assertive">
        {words.assertive}
      </div>
    </>
  );
}
