import { ActionIcon, Button, Menu } from "@mantine/core";
import { useState } from "react";
import type { Contact } from "../../data/contacts";
import { useUser } from "../../data/session";
import { running, secondsSince, useSecond } from "../../ui/clock";
import { Icon } from "../../ui/Icon";
import { LevelChip } from "../../ui/LevelChip";
import { NextStep } from "../../ui/NextStep";
import { useWords } from "../../words/words";
import { holds, joined, supervises } from "./access";
import classes from "./Conversation.module.css";
import { useContactName } from "./naming";
import { AskSupervisor, EndConversation, type DialogName } from "./dialogs";
import { RaiseAlert } from "./RaiseAlert";
import { LineFlags } from "../line/LineFlags";
import { Transfer } from "./Transfer";

export function ContactHeader({ contact }: { contact: Contact }) {
  const t = useWords("desk");
  const words = useWords("ui");
  const user = useUser();
  const name = useContactName()(contact);
  const [dialog, setDialog] = useState<DialogName | null>(null);
  const acting = holds(user, contact) || joined(user, contact) || supervises(user);
  return (
    <header className={classes["header"]}>
      <div className={classes["title"]}>
        <Icon name={contact.channel} size={18} label={words(`channel_${contact.channel}`)} />
        <h1>{name}</h1>
        <LevelChip level={contact.level} act={contact.act_in_progress} />
        <Since contact={contact} />
        <LineFlags flags={contact.line_flags} />
        <span className={classes["presence"]} data-here={contact.person_connected || undefined} data-testid="person-connected">
          {contact.channel === "chat" ? t(contact.person_connected ? "person_here" : "person_away") : null}
        </span>
      </div>
      <div className={classes["acts"]}>
        <NextStep next={contact.next} className={classes["next"]} />
        {contact.state === "active" && acting ? <Actions contact={contact} open={setDialog} /> : null}
      </div>
      <Transfer contact={contact} opened={dialog === "transfer"} onClose={() => setDialog(null)} />
      <AskSupervisor contact={contact} opened={dialog === "help"} onClose={() => setDialog(null)} />
      <EndConversation contact={contact} opened={dialog === "end"} onClose={() => setDialog(null)} />
      <RaiseAlert contact={contact} opened={dialog === "alert"} onClose={() => setDialog(null)} />
    </header>
  );
}

function Since({ contact }: { contact: Contact }) {
  const t = useWords("desk");
  const now = useSecond();
  if (contact.state === "closed") return null;
  if (contact.ended_at) return <span className={`${classes["dim"]} tabular`}>{t("ended_for", { time: running(secondsSince(contact.ended_at, now)) })}</span>;
  const since = contact.state === "waiting" ? contact.waiting_since : contact.answered_at;
  const time = running(secondsSince(since ?? contact.opened_at, now));
  return <span className={`${classes["dim"]} tabular`}>{t(contact.state === "waiting" ? "waiting" : "duration", { time })}</span>;
}

function Actions({ contact, open }: { contact: Contact; open: (dialog: DialogName) => void }) {
  const t = useWords("desk");
  return (
    <>
      <Button size="compact-sm" variant="default" onClick={() => open("alert")} data-testid="raise-alert">
        {t("raise_alert")}
      </Button>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <ActionIcon variant="default" aria-label={t("actions")} data-testid="contact-actions">
            <Icon name="dots" size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<Icon name="help" size={16} />} onClick={() => open("help")} data-testid="ask-supervisor">
            {t("ask_supervisor")}
          </Menu.Item>
          {contact.channel === "call" ? null : (
            <Menu.Item leftSection={<Icon name="transfer" size={16} />} onClick={() => open("transfer")} data-testid="transfer">
              {t("transfer")}
            </Menu.Item>
          )}
          <Menu.Item leftSection={<Icon name="leave" size={16} />} onClick={() => open("end")} data-testid="end-conversation">
            {t(contact.channel === "call" ? "hang_up" : "end")}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </>
  );
}
