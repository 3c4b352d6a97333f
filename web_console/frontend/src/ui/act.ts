import { notifications } from "@mantine/notifications";
import { useCallback, useState } from "react";
import { useExplain } from "./states";

/** Whoever looks at the person's words and not at the corner of the page has time to find it. */
const REFUSAL_SHOWN_MS = 10_000;

/** Do one thing to the server: busy while it runs, its refusal shown in words. Resolves to whether it was done. */
export function useAct() {
  const explain = useExplain();
  const [busy, setBusy] = useState(false);
  const act = useCallback(
    async (what: () => Promise<unknown>): Promise<boolean> => {
      setBusy(true);
      try {
        await what();
        return true;
      } catch (error) {
        notifications.show({ message: explain(error), color: "gray", withBorder: true, role: "alert", autoClose: REFUSAL_SHOWN_MS });
        return false;
      } finally {
        setBusy(false);
      }
    },
    // `explain` is made anew on every render; the words it picks are those of the moment of the refusal.
    [explain],
  );
  return { act, busy };
}
