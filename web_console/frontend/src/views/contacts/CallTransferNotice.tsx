import { Button, Group } from "@mantine/core";
import { useEffect } from "react";
import { cancelTransfer, completeTransfer } from "../../data/callCommands";
import { type Call, target } from "../../data/calls";
import type { Contact } from "../../data/contacts";
import { useAct } from "../../ui/act";
import { Icon } from "../../ui/Icon";
import { announce } from "../../ui/live";
import { useWords } from "../../words/words";
import classes from "./Call.module.css";
import { usePartyName } from "./CallPeople";

/** A transfer under way, from the first ring to handed over or taken back: always with a way back to the caller. */
export function CallTransferNotice({ contact, call }: { contact: Contact; call: Call }) {
  const t = useWords("phone");
  const nameOf = usePartyName();
  const { act, busy } = useAct();
  const transfer = call.transfer;
  const party = target(call);
  const fallback = transfer?.to_kind === "staff" ? t("kind_consulted") : t(`kind_${(transfer?.to_kind ?? "other") as "other"}`);
  const who = party ? nameOf(party) : fallback;
  const failed = transfer?.state === "failed" && call.unanswered?.id === transfer.party_id ? call.unanswered : null;
  const why = failed?.failure ? t(`failed_${failed.failure}`, { who: nameOf(failed) }) : "";
  const words = transfer ? (transfer.state === "ringing" ? t(`transfer_ringing_${transfer.mode}`, { who }) : t(`transfer_${transfer.state}`, { who })) : "";
  useEffect(() => {
    if (words) announce(words, "assertive");
  }, [words]);
  if (!transfer) return null;
  return (
    <div className={classes["notice"]} data-testid="call-transfer-notice" data-state={transfer.state} data-mode={transfer.mode}>
      <Icon name="transfer" size={18} />
      <span>
        {words}
        {why ? <small> {why}</small> : null}
      </span>
      <Group gap={8}>
        {transfer.state === "consulting" ? (
          <Button size="sm" loading={busy} title={t("transfer_complete_hint")} onClick={() => void act(() => completeTransfer(contact.id))} data-testid="transfer-complete">
            {t("transfer_complete")}
          </Button>
        ) : null}
        <Button size="sm" variant="default" loading={busy} onClick={() => void act(() => cancelTransfer(contact.id))} data-testid="transfer-cancel">
          {t(transfer.state === "failed" ? "transfer_dismiss" : "transfer_cancel")}
        </Button>
      </Group>
    </div>
  );
}
