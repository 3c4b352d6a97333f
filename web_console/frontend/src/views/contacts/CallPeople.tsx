import { ActionIcon } from "@mantine/core";
import { useState } from "react";
import { holdParty, removeParty } from "../../data/callCommands";
import { type Call, isThere, others, type Party } from "../../data/calls";
import type { Contact } from "../../data/contacts";
import { useUser } from "../../data/session";
import { useAct } from "../../ui/act";
import { Confirm } from "../../ui/confirm";
import { Icon } from "../../ui/Icon";
import { useWords } from "../../words/words";
import { holds, supervises } from "./access";
import classes from "./Call.module.css";

/** Everybody in the call by name, with what can be done to them. */
export function CallPeople({ contact, call }: { contact: Contact; call: Call }) {
  const t = useWords("phone");
  const user = useUser();
  const counselor = contact.counselor;
  const supervisors = call.supervision.filter((one) => one.state !== "ended");
  return (
    <ul className={classes["people"]} aria-label={t("people")} data-testid="call-people">
      <li className={classes["person"]} data-there={!call.on_hold} data-testid="call-caller">
        <Icon name="person" size={16} />
        {t("caller")}
        {call.on_hold ? <small>{t("party_on_hold")}</small> : null}
      </li>
      {counselor ? (
        <li className={classes["person"]} data-there={call.back_until === null}>
          <Icon name="headset" size={16} />
          {counselor.id === user.id ? t("you") : counselor.name}
        </li>
      ) : null}
      {others(call).map((party) => (
        <Other key={party.id} contact={contact} party={party} />
      ))}
      {supervisors.map((one) => (
        <li key={one.staff_id} className={classes["person"]} data-there={isThere(one)} data-testid="call-supervisor" data-mode={one.mode}>
          <Icon name="headset" size={16} />
          {one.staff_id === user.id ? t(`self_${one.mode}`) : t(`supervised_${one.mode}`, { name: one.staff?.name ?? t("kind_supervisor") })}
        </li>
      ))}
      {call.unanswered ? <Unanswered party={call.unanswered} /> : null}
    </ul>
  );
}

/** A colleague by name, an outside party by what they are. */
export function usePartyName(): (party: Party) => string {
  const t = useWords("phone");
  return (party) => party.staff?.name ?? t(`kind_${party.kind}`);
}

function Other({ contact, party }: { contact: Contact; party: Party }) {
  const t = useWords("phone");
  const user = useUser();
  const who = usePartyName()(party);
  const [letting, setLetting] = useState(false);
  const { act, busy } = useAct();
  const controls = (holds(user, contact) || supervises(user)) && party.staff_id === null;
  return (
    <li className={classes["person"]} data-there={isThere(party) && !party.on_hold} data-testid="call-party" data-kind={party.kind} data-state={party.state}>
      <Icon name={party.staff_id ? "headset" : "call"} size={16} />
      <span>
        {who} {party.number_masked ? <span className="tabular">{party.number_masked}</span> : null}
      </span>
      <small>{party.on_hold ? t("party_on_hold") : t(`party_${party.state}`)}</small>
      {controls && party.state === "bridged" ? (
        <ActionIcon
          variant="subtle"
          color="gray"
          disabled={busy}
          aria-label={t(party.on_hold ? "party_resume" : "party_hold", { who })}
          title={t(party.on_hold ? "party_resume" : "party_hold", { who })}
          onClick={() => void act(() => holdParty(contact.id, party.id, !party.on_hold))}
          data-testid="party-hold"
        >
          <Icon name={party.on_hold ? "resume" : "hold"} size={16} />
        </ActionIcon>
      ) : null}
      {controls ? (
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={t("party_remove", { who })}
          title={t("party_remove", { who })}
          onClick={() => setLetting(true)}
          data-testid="party-remove"
        >
          <Icon name="close" size={16} />
        </ActionIcon>
      ) : null}
      <Confirm
        opened={letting}
        title={t("party_remove", { who })}
        consequence={t("party_remove_body")}
        confirm={t("party_remove", { who })}
        onConfirm={() => act(() => removeParty(contact.id, party.id))}
        onClose={() => setLetting(false)}
      />
    </li>
  );
}

function Unanswered({ party }: { party: Party }) {
  const t = useWords("phone");
  const who = usePartyName()(party);
  return (
    <li className={classes["person"]} data-there={false} data-testid="call-unanswered">
      <Icon name="call" size={16} />
      {t(`failed_${party.failure ?? "no_answer"}`, { who })} {party.number_masked ? <span className="tabular">{party.number_masked}</span> : null}
    </li>
  );
}
