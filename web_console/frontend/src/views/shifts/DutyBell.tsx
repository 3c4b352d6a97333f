import { notifications } from "@mantine/notifications";
import { useEffect, useRef } from "react";
import { useKnown } from "../../data/store";
import { announce } from "../../ui/live";
import { useNotices } from "./notices";

/** Gaps further away are read on the page: while somebody plans a week, a bell for each would only be noise. */
const RUNG_DAYS = 1;

/** Whoever plans hears of each notice once, when it comes up; until it is put right it stands on the page and the wallboard. */
export function DutyBell() {
  const notices = useNotices(RUNG_DAYS);
  const ready = useKnown((known) => known.ready);
  const heard = useRef<Set<string> | null>(null);
  const keys = notices.map((notice) => notice.key).join("\n");
  useEffect(() => {
    if (!ready) return;
    const before = heard.current;
    heard.current = new Set([...(before ?? []), ...notices.map((notice) => notice.key)]);
    if (before === null) return;
    for (const notice of notices.filter((one) => !before.has(one.key))) {
      announce(notice.words);
      notifications.show({ id: notice.key, message: notice.words, color: "gray", withBorder: true, autoClose: 20_000 });
    }
    // A changed language says nothing new.
  }, [ready, keys]);
  return null;
}
