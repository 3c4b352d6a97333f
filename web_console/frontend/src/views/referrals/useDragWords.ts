import type { DndContextProps } from "@dnd-kit/core";
import type { Referral } from "../../data/referrals";
import type { Lane } from "../../data/referralBoard";
import { useWords } from "../../words/words";

/** What a screen reader hears while a card is moved. */
export function useDragWords(find: (id: unknown) => Referral | null): NonNullable<DndContextProps["accessibility"]> {
  const t = useWords("referrals");
  const number = (id: unknown) => find(id)?.number ?? "";
  return {
    screenReaderInstructions: { draggable: t("drag_how") },
    announcements: {
      onDragStart: ({ active }) => t("drag_start", { number: number(active.id) }),
      onDragOver: ({ over }) => (over ? t("drag_over", { lane: t(`lane_${over.id as Lane}`) }) : t("drag_nowhere")),
      onDragEnd: ({ over }) => (over ? t("drag_end", { lane: t(`lane_${over.id as Lane}`) }) : t("drag_cancel")),
      onDragCancel: () => t("drag_cancel"),
    },
  };
}
