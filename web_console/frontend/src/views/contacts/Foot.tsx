import { Button } from "@mantine/core";
import { useState } from "react";
import { useLocation } from "wouter";
import { joinContact, leaveContact, takeContact } from "../../data/contactCommands";
import type { Contact } from "../../data/contacts";
import { useUser } from "../../data/session";
import { useAct } from "../../ui/act";
import { useWords } from "../../words/words";
import { canRead, holds, joined, supervises } from "./access";
import { CallBar } from "./CallBar";
import { CloseSheet } from "./CloseSheet";
import { Composer } from "./Composer";
import classes from "./Conversation.module.css";
import { TextsStopped } from "./TextsStopped";

/** Where one acts: the composer, the call, or whatever has to happen before one can. */
export function Foot({ contact }: { contact: Contact }) {
  const user = useUser();
  if (contact.state === "waiting") return <WaitingFoot contact={contact} />;
  if (contact.state === "closed") return <Notice word="closed_notice" />;
  if (contact.state === "wrap_up") return <WrapUpFoot contact={contact} />;
  if (!canRead(user, contact)) return null;
  if (!holds(user, contact) && !joined(user, contact)) return <ReadingFoot contact={contact} />;
  // A report is answered where it stands.
  if (contact.channel === "school") return joined(user, contact) ? <div className={classes["foot"]}><LeaveButton contact={contact} /></div> : null;
  return (
    <div className={classes["foot"]}>
      <TextsStopped contact={contact} />
      {contact.channel === "call" ? <CallBar contact={contact} /> : contact.texts_stopped_at ? null : <Composer contact={contact} />}
      {joined(user, contact) ? <LeaveButton contact={contact} /> : null}
    </div>
  );
}

function Notice({ word, children }: { word: "closed_notice" | "ended_notice" | "waiting_notice" | "reading_notice"; children?: React.ReactNode }) {
  const t = useWords("desk");
  return (
    <div className={`${classes["foot"]} ${classes["notice"]}`} data-testid={`foot-${word}`}>
      <span>{t(word)}</span>
      {children}
    </div>
  );
}

function WaitingFoot({ contact }: { contact: Contact }) {
  const t = useWords("desk");
  const [, go] = useLocation();
  const { act, busy } = useAct();
  return (
    <Notice word="waiting_notice">
      <Button loading={busy} onClick={() => void act(() => takeContact(contact.id)).then((done) => done && go(`/contacts/${contact.id}`))} data-testid="take">
        {t("take")}
      </Button>
    </Notice>
  );
}

function ReadingFoot({ contact }: { contact: Contact }) {
  const t = useWords("desk");
  const phone = useWords("phone");
  const { act, busy } = useAct();
  const join = () => void act(() => joinContact(contact.id));
  if (contact.channel === "call") {
    return (
      <div className={classes["foot"]}>
        <CallBar contact={contact} />
        <div className={classes["notice"]}>
          <span className={classes["dim"]}>{phone("follow_notice")}</span>
          <Button variant="default" size="compact-md" loading={busy} onClick={join} data-testid="join">
            {phone("follow")}
          </Button>
        </div>
      </div>
    );
  }
  return (
    <Notice word="reading_notice">
      <Button loading={busy} onClick={join} data-testid="join">
        {t("join")}
      </Button>
    </Notice>
  );
}

function LeaveButton({ contact }: { contact: Contact }) {
  const t = useWords("desk");
  const { act, busy } = useAct();
  return (
    <Button variant="subtle" size="compact-sm" mt={6} loading={busy} onClick={() => void act(() => leaveContact(contact.id))} data-testid="leave">
      {t("leave")}
    </Button>
  );
}

const HANGS_UP = ["person", "counselor", "supervisor", "carrier", "outside"] as const;

/** Who ended the call: it decides whether somebody calls back. */
function HungUp({ contact }: { contact: Contact }) {
  const t = useWords("phone");
  const who = HANGS_UP.find((one) => one === contact.call?.hung_up_by);
  return who ? (
    <b className={classes["next"]} data-testid="call-hung-up-by" data-by={who}>
      {t(`hung_up_${who}`)}
    </b>
  ) : null;
}

function WrapUpFoot({ contact }: { contact: Contact }) {
  const t = useWords("desk");
  const user = useUser();
  const [opened, setOpened] = useState(holds(user, contact));
  if (!holds(user, contact) && !supervises(user)) return <Notice word="ended_notice" />;
  return (
    <Notice word="ended_notice">
      <HungUp contact={contact} />
      <Button onClick={() => setOpened(true)} data-testid="open-close-sheet">
        {t("close_contact")}
      </Button>
      <CloseSheet contact={contact} opened={opened} onClose={() => setOpened(false)} />
    </Notice>
  );
}
