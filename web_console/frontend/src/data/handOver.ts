/** Who may be handed a contact by name, as the server decides it (`domain/presence.py`). */
import type { Contact } from "./contacts";
import type { Presence } from "./presences";

/** free: anybody may hand it to them; for_a_reason: a supervisor may, and says why; not: they are gone, or their hands are full. */
export type HandOver = "free" | "for_a_reason" | "not";

export function handOver(one: Presence, channel: Contact["channel"]): HandOver {
  const isCall = channel === "call";
  const full = isCall ? one.calls >= one.call_capacity : one.chats >= one.chat_capacity;
  const serves = one.roles.some((role) => role === "counselor" || role === "supervisor");
  if (!one.connected || full || !serves) return "not";
  const withheld = isCall ? one.calls_withheld : one.chats_withheld;
  if (withheld === "away" || withheld === "imminent") return "for_a_reason";
  return withheld === null || withheld === "resting" ? "free" : "not";
}

/** Those who may be asked by this person, and of them the one that needs a reason. */
export const receivers = (all: Presence[], channel: Contact["channel"], mayOverride: boolean): Presence[] =>
  all.filter((one) => {
    const how = handOver(one, channel);
    return how === "free" || (mayOverride && how === "for_a_reason");
  });
