import { useEffect, useMemo, useSyncExternalStore } from "react";
import { FieldReports, sendReport } from "./fieldReports";
import { useLine } from "./line";
import { useSession } from "./session";

/** localStorage, not the session's: a phone throws away a page in the background, and what was pressed must outlive it. */
export const fieldReports = new FieldReports(localStorage, "hotline.field_reports", sendReport, () => useSession.getState().user?.id ?? "");

/** Without the line's news, a phone that is back in the network still tries this often. */
const TRY_EVERY_MS = 10_000;

/** What is not sent yet; tries again when the line or the network comes back. */
export function useFieldReports() {
  const line = useLine((state) => state.state);
  const reports = useSyncExternalStore(fieldReports.subscribe, fieldReports.list);
  useEffect(() => {
    const flush = () => void fieldReports.flush();
    if (line === "live") flush();
    window.addEventListener("online", flush);
    const again = setInterval(flush, TRY_EVERY_MS);
    return () => {
      window.removeEventListener("online", flush);
      clearInterval(again);
    };
  }, [line]);
  const me = useSession((session) => session.user?.id ?? "");
  return useMemo(() => reports.filter((report) => report.by === me), [reports, me]);
}

/** Whether there is a way to the server now, as far as one can tell. */
export function useOnline(): boolean {
  const line = useLine((state) => state.state);
  const online = useSyncExternalStore(subscribe, () => navigator.onLine);
  return online && line !== "waiting";
}

function subscribe(listener: () => void): () => void {
  window.addEventListener("online", listener);
  window.addEventListener("offline", listener);
  return () => {
    window.removeEventListener("online", listener);
    window.removeEventListener("offline", listener);
  };
}
