import { Button } from "@mantine/core";
import { useState } from "react";
import type { Contact } from "../../data/contacts";
import { Icon } from "../../ui/Icon";
import { Timer } from "../../ui/Timer";
import { useWords } from "../../words/words";
import classes from "./Conversation.module.css";
import { EndConversation } from "./dialogs";

/** The phone, in the composer's place. */
export function CallBar({ contact }: { contact: Contact }) {
  const t = useWords("desk");
  const [ending, setEnding] = useState(false);
  const state = contact.call?.state ?? "greeting";
  const transcript = contact.call?.transcript ?? "off";
  return (
    <div className={classes["call"]} data-testid="call-bar" data-state={state}>
      <Icon name="call" size={20} />
      <b>{contact.number_masked ?? t("unnamed")}</b>
      <span role="status">{t(`call_${state}`)}</span>
      {contact.answered_at ? <Timer since={contact.answered_at} /> : null}
      <span className={classes["next"]} data-testid="call-transcript">
        {transcript === "failed" ? t("transcript_failed") : t(`transcript_${transcript}`)}
      </span>
      <Button className={classes["right"]!} variant="default" leftSection={<Icon name="hangUp" size={18} />} onClick={() => setEnding(true)} data-testid="hang-up">
        {t("hang_up")}
      </Button>
      <EndConversation contact={contact} opened={ending} onClose={() => setEnding(false)} />
    </div>
  );
}
