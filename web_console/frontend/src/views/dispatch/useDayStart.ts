import { useEffect, useState } from "react";
import { startOfDay } from "../../data/dispatch";

/** What ended yesterday leaves the board this soon after midnight. */
const LOOK_EVERY_MS = 30_000;

/** When today began (ms since epoch). */
export function useDayStart(): number {
  const [start, setStart] = useState(() => startOfDay(Date.now()));
  useEffect(() => {
    const again = setInterval(() => setStart(startOfDay(Date.now())), LOOK_EVERY_MS);
    return () => clearInterval(again);
  }, []);
  return start;
}
