import { notifications } from "@mantine/notifications";
import { useEffect, useMemo, useRef } from "react";
import { mine } from "../../data/contacts";
import { onFrame } from "../../data/line";
import type { Message } from "../../data/messages";
import { openOffers } from "../../data/offers";
import { useUser } from "../../data/session";
import { store, useKnown } from "../../data/store";
import { announce } from "../../ui/live";
import { notify } from "../../ui/notify";
import { play, type Sound } from "../../ui/sounds";
import { useWords } from "../../words/words";
import { useContactName } from "../contacts/naming";
import { useMyProposals } from "./useMyProposals";

/** An offer rings like a phone; an alert insists a little more slowly, until it is answered. */
const OFFER_EVERY_MS = 3_000;
const ALERT_EVERY_MS = 6_000;
/** Nothing is to be answered; long enough to be found by somebody who writes. */
const HANDED_OVER_SHOWN_MS = 20_000;

/** Sounds and, when the page is out of sight, desktop notifications that say that something is there, never what. */
export function Bells() {
  const t = useWords("desk");
  const user = useUser();
  const offers = useKnown((known) => known.offers);
  const offered = useMemo(() => openOffers(offers, user.id).length > 0, [offers, user.id]);
  const proposed = useMyProposals().length > 0;
  useRinging(offered, "offer", OFFER_EVERY_MS, t("offer_notification"));
  useRinging(proposed, "alert", ALERT_EVERY_MS, t("alert_notification"));
  useMessageBell();
  useHandedOver();
  return null;
}

export function useRinging(on: boolean, sound: Sound, everyMs: number, notification: string): void {
  const words = useRef(notification);
  words.current = notification;
  useEffect(() => {
    if (!on) return;
    play(sound);
    notify(words.current);
    const again = setInterval(() => play(sound), everyMs);
    return () => clearInterval(again);
  }, [on, sound, everyMs]);
}

/** A message of my contacts sounds when the page is hidden or another contact is open, and is announced politely. */
function useMessageBell(): void {
  const t = useWords("desk");
  const user = useUser();
  const nameOf = useContactName();
  const tell = useRef((_message: Message) => undefined as void);
  tell.current = (message) => {
    const contact = mine(store.getState().contacts, user.id).find((one) => one.id === message.contact_id);
    if (!contact || message.from !== "help_seeker") return;
    const shown = location.hash.includes(message.contact_id);
    announce(shown ? message.text : t("new_message", { name: nameOf(contact) }));
    if (shown && !document.hidden) return;
    play("message");
    notify(t("message_notification"));
  };
  useEffect(() => {
    // Only what arrives counts: the same message comes again when its assessment does.
    const heard = new Set<string>();
    return onFrame((frame) => {
      const message = frame["message"] as Message | undefined;
      if (!message || heard.has(message.id)) return;
      heard.add(message.id);
      tell.current(message);
    });
  }, []);
}

/** A written contact that a colleague gives to this counselor by name is theirs without an offer: it must not appear unnoticed. */
function useHandedOver(): void {
  const t = useWords("desk");
  const user = useUser();
  const nameOf = useContactName();
  const ready = useKnown((known) => known.ready);
  const contacts = useKnown((known) => known.contacts);
  const told = useRef<Set<string> | null>(null);
  useEffect(() => {
    if (!ready) return;
    const given = mine(contacts, user.id).filter((one) => one.channel !== "call" && one.passed_on?.to?.id === user.id);
    const keyOf = (one: (typeof given)[number]) => `${one.id} ${one.passed_on?.at}`;
    const before = told.current;
    told.current = new Set([...(before ?? []), ...given.map(keyOf)]);
    if (before === null) return;
    for (const one of given.filter((each) => !before.has(keyOf(each)))) {
      const words = t("handed_over", { by: one.passed_on?.by?.name ?? "", name: nameOf(one) });
      play("offer");
      announce(words, "assertive");
      notifications.show({ message: words, color: "gray", withBorder: true, autoClose: HANDED_OVER_SHOWN_MS });
      notify(t("offer_notification"));
    }
    // With each change of contacts; whose words they are does not matter.
  }, [ready, contacts, user.id]);
}
