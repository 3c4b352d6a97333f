import { Button } from "@mantine/core";
import { useState } from "react";
import type { Contact } from "../../../data/contacts";
import { useUser } from "../../../data/session";
import { stopTexts } from "../../../data/texts";
import { useAct } from "../../../ui/act";
import { Confirm } from "../../../ui/confirm";
import { useWords } from "../../../words/words";
import { holds, supervises } from "../access";

/** The person said it in words that are no order to the network. */
export function StopTexts({ contact }: { contact: Contact }) {
  const t = useWords("texts");
  const user = useUser();
  const { act } = useAct();
  const [asking, setAsking] = useState(false);
  const theirs = holds(user, contact) || supervises(user);
  if (contact.channel !== "sms" || contact.texts_stopped_at !== null || contact.state === "closed" || !theirs) return null;
  return (
    <>
      <Button size="compact-sm" variant="default" style={{ alignSelf: "flex-start" }} onClick={() => setAsking(true)} data-testid="stop-texts">
        {t("stop")}
      </Button>
      <Confirm opened={asking} title={t("stop")} consequence={t("stop_body")} confirm={t("stop_confirm")} onConfirm={() => act(() => stopTexts(contact.id))} onClose={() => setAsking(false)} />
    </>
  );
}
