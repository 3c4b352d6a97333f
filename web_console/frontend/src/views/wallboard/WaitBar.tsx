import { Button } from "@mantine/core";
import { useMemo, useState } from "react";
import { useLocation } from "wouter";
import { takeContact } from "../../data/contactCommands";
import type { Contact } from "../../data/contacts";
import { longWaits } from "../../data/indicators";
import { openOffers } from "../../data/offers";
import { may, useUser } from "../../data/session";
import { useKnown } from "../../data/store";
import { useAct } from "../../ui/act";
import { LevelChip } from "../../ui/LevelChip";
import { Timer } from "../../ui/Timer";
import { useWords } from "../../words/words";
import { useContactName } from "../contacts/naming";
import { useRinging } from "../overlays/Bells";
import { LineFlags } from "../line/LineFlags";
import classes from "../overlays/overlays.module.css";

const RING_EVERY_MS = 10_000;
/** Supervisors are told first; when that was not enough twice, everybody who serves contacts is. */
const SUPERVISORS_FROM = 1;
const EVERYBODY_FROM = 3;

const ENGAGED = ["on_call", "imminent"];
/** Where somebody is while they wait with us. */
const MEANWHILE = ["with_fallback", "to_call_back"];

const keyOf = (contact: Contact): string => `${contact.id} ${contact.wait_rung}`;

/** Somebody waits too long: it sounds until it is seen, and again each time the wait climbs. */
export function WaitBar() {
  const t = useWords("wallboard");
  const user = useUser();
  const contacts = useKnown((known) => known.contacts);
  const from = may(user, "contact.supervise") ? SUPERVISORS_FROM : EVERYBODY_FROM;
  const [seen, setSeen] = useState<ReadonlySet<string>>(new Set());
  const elsewhere = useElsewhere(user.id, from);
  const waiting = useMemo(() => aloneFirst(longWaits(contacts, from)), [contacts, from]);
  const unseen = elsewhere ? [] : waiting.filter((contact) => !seen.has(keyOf(contact)));
  const first = unseen[0];
  useRinging(first !== undefined, "offer", RING_EVERY_MS, t("waits_long"));
  if (!first) return null;
  return <Bar key={keyOf(first)} contact={first} more={waiting.length - 1} onSeen={() => setSeen(new Set([...seen, ...waiting.map(keyOf)]))} />;
}

/** Nobody is with them yet: before those who speak with a person on duty meanwhile. */
function aloneFirst(waiting: readonly Contact[]): Contact[] {
  const accompanied = (contact: Contact) => contact.line_flags.includes("with_fallback");
  return [...waiting.filter((contact) => !accompanied(contact)), ...waiting.filter(accompanied)];
}

/** Whoever is being offered a contact answers that first; and nothing rings in the ear of a counselor who is on a call, or
 * with somebody in immediate danger: they could not take it. */
function useElsewhere(userId: string, from: number): boolean {
  const offered = useKnown((known) => openOffers(known.offers, userId).length > 0);
  const engaged = useKnown((known) => ENGAGED.some((why) => why === known.presences[userId]?.calls_withheld));
  return offered || (engaged && from === EVERYBODY_FROM);
}

function Bar({ contact, more, onSeen }: { contact: Contact; more: number; onSeen: () => void }) {
  const t = useWords("wallboard");
  const words = useWords("dispatch");
  const nameOf = useContactName();
  const [, go] = useLocation();
  const { act, busy } = useAct();
  const take = async () => {
    if (await act(() => takeContact(contact.id))) go(`/contacts/${contact.id}`);
  };
  return (
    <section className={classes["offer"]} aria-label={t("waits_long")} data-testid="wait-bar" data-contact={contact.id}>
      <div className={classes["facts"]}>
        <LevelChip level={contact.level} act={contact.act_in_progress} />
        <b>{t("waits_long")}</b>
        <span>{nameOf(contact)}</span>
        <LineFlags flags={contact.line_flags.filter((flag) => MEANWHILE.includes(flag))} />
        {more > 0 ? <span>{t("raised_more", { n: more })}</span> : null}
      </div>
      <div className={classes["answers"]}>
        <b className={classes["left"]}>
          <Timer since={contact.waiting_since ?? contact.opened_at} lateAfter={0} />
        </b>
        <Button loading={busy} onClick={() => void take()} data-testid="wait-take">
          {t("take")}
        </Button>
        <Button variant="subtle" color="gray" onClick={onSeen} data-testid="wait-silence">
          {words("silence")}
        </Button>
      </div>
    </section>
  );
}
