import { Button } from "@mantine/core";
import { useMemo } from "react";
import { useLocation } from "wouter";
import { joinContact } from "../../data/contactCommands";
import type { Contact } from "../../data/contacts";
import { runningContacts } from "../../data/indicators";
import { useUser } from "../../data/session";
import { useKnown } from "../../data/store";
import { useAct } from "../../ui/act";
import { Icon } from "../../ui/Icon";
import { LevelChip } from "../../ui/LevelChip";
import { NextStep } from "../../ui/NextStep";
import { Empty } from "../../ui/states";
import { Timer } from "../../ui/Timer";
import { useWords } from "../../words/words";
import { useContactName } from "../contacts/naming";
import { Tile } from "./Tile";
import classes from "./Wallboard.module.css";

/** Every conversation that is not closed, the worst first: to read, or to join. */
export function Conversations() {
  const t = useWords("wallboard");
  const contacts = useKnown((known) => known.contacts);
  const listed = useMemo(() => runningContacts(contacts), [contacts]);
  return (
    <Tile area="conversations" title={t("conversations")} aside={<span>{t("journalled")}</span>}>
      {listed.length === 0 ? (
        <Empty icon="chat" title={t("no_conversations")} />
      ) : (
        <div className={classes["table"]}>
          <table>
            <thead>
              <tr>
                {(["level", "who", "state", "counselor", "since", "act"] as const).map((column) => (
                  <th key={column} scope="col">
                    {t(`column_${column}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {listed.map((contact) => (
                <Row key={contact.id} contact={contact} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Tile>
  );
}

function Row({ contact }: { contact: Contact }) {
  const t = useWords("wallboard");
  const words = useWords("ui");
  const nameOf = useContactName();
  return (
    <tr data-testid="wallboard-contact" data-contact={contact.id} data-state={contact.state}>
      <td>
        <LevelChip level={contact.level} act={contact.act_in_progress} />
      </td>
      <td className={classes["who"]}>
        <Icon name={contact.channel} size={16} label={words(`channel_${contact.channel}`)} /> {nameOf(contact)}
      </td>
      <td>
        {contact.interrupted_since ? t("interrupted") : t(`contact_${contact.state === "closed" ? "wrap_up" : contact.state}`)}
        {contact.offered_to ? ` · ${t("offered_to", { name: contact.offered_to.name })}` : ""}
        <br />
        <small>
          <NextStep next={contact.next} owner={false} />
        </small>
      </td>
      <td>{[contact.counselor?.name, ...contact.joined.map((one) => one.name)].filter(Boolean).join(" + ") || "–"}</td>
      <td>
        <Timer since={contact.state === "waiting" ? (contact.waiting_since ?? contact.opened_at) : (contact.answered_at ?? contact.opened_at)} />
      </td>
      <td>
        <Acts contact={contact} />
      </td>
    </tr>
  );
}

function Acts({ contact }: { contact: Contact }) {
  const t = useWords("wallboard");
  const user = useUser();
  const [, go] = useLocation();
  const { act, busy } = useAct();
  const joined = contact.joined.some((one) => one.id === user.id) || contact.counselor?.id === user.id;
  const join = async () => {
    if (await act(() => joinContact(contact.id))) go(`/contacts/${contact.id}`);
  };
  return (
    <span className={classes["acts"]}>
      <Button size="compact-sm" variant="default" onClick={() => go(`/contacts/${contact.id}`)} data-testid="wallboard-read">
        {t("read")}
      </Button>
      {joined ? (
        <span>{t("joined")}</span>
      ) : contact.state === "active" ? (
        <Button size="compact-sm" variant="default" loading={busy} onClick={() => void join()} data-testid="wallboard-join">
          {t("join")}
        </Button>
      ) : null}
    </span>
  );
}
