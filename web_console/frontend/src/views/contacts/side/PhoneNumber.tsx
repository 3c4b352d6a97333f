import { Button } from "@mantine/core";
import { useEffect, useState } from "react";
import { unmaskNumber } from "../../../data/contactCommands";
import type { Contact } from "../../../data/contacts";
import { may, useUser } from "../../../data/session";
import { useAct } from "../../../ui/act";
import { secondsSince, useSecond } from "../../../ui/clock";
import { Confirm } from "../../../ui/confirm";
import { serverNow } from "../../../wire/serverClock";
import { useWords } from "../../../words/words";
import { holds } from "../access";

interface Shown {
  number: string;
  until: string;
}

/** Masked; whole for as long as the server says, for who holds the contact or may unmask, with the reason. */
export function PhoneNumber({ contact }: { contact: Contact }) {
  const t = useWords("desk");
  const more = useWords("texts");
  const user = useUser();
  const [asking, setAsking] = useState(false);
  const [shown, setShown] = useState<Shown | null>(null);
  const { act } = useAct();
  const hide = () => setShown(null);
  const ask = (reason: string) =>
    act(async () => {
      const told = await unmaskNumber(contact.id, reason);
      setShown({ number: told.number, until: new Date(serverNow() + told.shown_for_seconds * 1000).toISOString() });
    });
  if (shown) return <Whole shown={shown} onOver={hide} />;
  return (
    <>
      <span className="tabular">{contact.number_masked}</span>{" "}
      {may(user, "contact.unmask") || holds(user, contact) ? (
        <Button size="compact-xs" variant="subtle" onClick={() => setAsking(true)} data-testid="unmask">
          {t("unmask")}
        </Button>
      ) : null}
      <Confirm
        opened={asking}
        title={t("unmask")}
        consequence={t("unmask_body")}
        confirm={t("unmask")}
        reason={more("unmask_reason")}
        onConfirm={ask}
        onClose={() => setAsking(false)}
      />
    </>
  );
}

function Whole({ shown, onOver }: { shown: Shown; onOver: () => void }) {
  const t = useWords("texts");
  const left = Math.max(0, Math.ceil(-secondsSince(shown.until, useSecond())));
  useEffect(() => {
    if (left === 0) onOver();
  }, [left, onOver]);
  return (
    <>
      <a href={`tel:${shown.number}`} data-testid="whole-number">
        {shown.number}
      </a>{" "}
      <small className="tabular">{t("unmask_left", { n: left })}</small>
    </>
  );
}
