import { Button } from "@mantine/core";
import { useMemo, useState } from "react";
import { useLocation } from "wouter";
import { joinContact } from "../../data/contactCommands";
import type { Contact } from "../../data/contacts";
import { helpRequests } from "../../data/indicators";
import { useUser } from "../../data/session";
import { useKnown } from "../../data/store";
import { useAct } from "../../ui/act";
import { LevelChip } from "../../ui/LevelChip";
import { Timer } from "../../ui/Timer";
import { useWords } from "../../words/words";
import { useContactName } from "../contacts/naming";
import { useRinging } from "../overlays/Bells";
import classes from "../overlays/overlays.module.css";

/** Calmer than an alert: a colleague asks, and waits on the line with somebody. */
const RING_EVERY_MS = 10_000;

const keyOf = (contact: Contact): string => `${contact.id} ${contact.help_requested_at}`;

/** A counselor asks for a supervisor: it sounds wherever in the console one is, until it is seen. */
export function HelpBar() {
  const t = useWords("wallboard");
  const user = useUser();
  const contacts = useKnown((known) => known.contacts);
  const [seen, setSeen] = useState<ReadonlySet<string>>(new Set());
  const asking = useMemo(() => helpRequests(contacts).filter((contact) => contact.counselor?.id !== user.id && !seen.has(keyOf(contact))), [contacts, user.id, seen]);
  const first = asking[0];
  useRinging(first !== undefined, "offer", RING_EVERY_MS, t("help"));
  if (!first) return null;
  return <Bar key={keyOf(first)} contact={first} more={asking.length - 1} onSeen={() => setSeen(new Set([...seen, keyOf(first)]))} />;
}

function Bar({ contact, more, onSeen }: { contact: Contact; more: number; onSeen: () => void }) {
  const t = useWords("wallboard");
  const words = useWords("dispatch");
  const nameOf = useContactName();
  const [, go] = useLocation();
  const { act, busy } = useAct();
  const read = () => {
    onSeen();
    go(`/contacts/${contact.id}`);
  };
  const join = async () => {
    if (await act(() => joinContact(contact.id))) go(`/contacts/${contact.id}`);
  };
  return (
    <section className={classes["offer"]} aria-label={t("help")} data-testid="help-bar" data-contact={contact.id}>
      <div className={classes["facts"]}>
        <LevelChip level={contact.level} act={contact.act_in_progress} />
        <b>{t("help_asks", { name: contact.counselor?.name ?? "–" })}</b>
        <span>{nameOf(contact)}</span>
        {more > 0 ? <span>{t("raised_more", { n: more })}</span> : null}
      </div>
      <div className={classes["answers"]}>
        <b className={classes["left"]}>
          <Timer since={contact.help_requested_at!} lateAfter={60} />
        </b>
        <Button loading={busy} onClick={() => void join()} data-testid="help-join">
          {t("join")}
        </Button>
        <Button variant="default" onClick={read} data-testid="help-read">
          {t("read")}
        </Button>
        <Button variant="subtle" color="gray" onClick={onSeen} data-testid="help-silence">
          {words("silence")}
        </Button>
      </div>
    </section>
  );
}
