import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { Contact } from "../../data/contacts";
import { receivers } from "../../data/handOver";
import type { Presence } from "../../data/presences";
import { may, useUser } from "../../data/session";
import { http } from "../../wire/http";

/** How often the list of those who are free is asked for again while it is looked at. */
const LOOK_AGAIN_MS = 5_000;

/** Colleagues who are here and may take it, those with most room first; undefined until they are known. They are asked for:
 * a counselor's line tells of nobody's presence but their own. */
export function useReceivers(contact: Contact, opened: boolean): readonly Presence[] | undefined {
  const user = useUser();
  const { data } = useQuery({
    queryKey: ["presence"],
    queryFn: () => http.get<{ items: Presence[] }>("/api/presence"),
    enabled: opened,
    refetchInterval: LOOK_AGAIN_MS,
    staleTime: 0,
  });
  return useMemo(() => {
    if (!data) return undefined;
    const others = data.items.filter((one) => one.id !== user.id && one.id !== contact.counselor?.id);
    return receivers(others, contact.channel, may(user, "contact.supervise")).sort((a, b) => load(a) - load(b));
  }, [data, user, contact.channel, contact.counselor?.id]);
}

const load = (one: Presence): number => one.chats / Math.max(1, one.chat_capacity);
