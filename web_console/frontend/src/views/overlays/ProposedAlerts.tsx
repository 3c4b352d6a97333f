import { Button } from "@mantine/core";
import { useEffect, useMemo, useState } from "react";
import { Link, useLocation } from "wouter";
import { moveAlert } from "../../data/alertCommands";
import type { Alert } from "../../data/alerts";
import { useKnown } from "../../data/store";
import { useAct } from "../../ui/act";
import { Confirm } from "../../ui/confirm";
import { LevelChip } from "../../ui/LevelChip";
import { announce } from "../../ui/live";
import { Countdown } from "../../ui/Timer";
import { usePick, useWords } from "../../words/words";
import { useContactName } from "../contacts/naming";
import { RaiseAlert } from "../contacts/RaiseAlert";
import classes from "./overlays.module.css";
import { useMyProposals } from "./useMyProposals";

/** Help that triage proposes, for a person to confirm in time. */
export function ProposedAlerts() {
  const proposals = useMyProposals();
  const first = proposals[0];
  return first ? <Bar key={first.id} alert={first} more={proposals.length - 1} /> : null;
}

function Bar({ alert, more }: { alert: Alert; more: number }) {
  const t = useWords("desk");
  const pick = usePick();
  const [here, go] = useLocation();
  const contact = useKnown((known) => known.contacts[alert.contact_id]);
  const place = `/contacts/${alert.contact_id}`;
  const nameOf = useContactName();
  const name = contact ? nameOf(contact) : (alert.person ?? `${t("unnamed")} ${alert.contact_id.slice(-4)}`);
  const [dialog, setDialog] = useState<"details" | "dismiss" | null>(null);
  const { act, busy } = useAct();
  useEffect(() => {
    announce(t("proposed_announce", { name }), "assertive");
    // Once per alert.
  }, [alert.id]);
  const subject = useMemo(() => contact ?? { id: alert.contact_id, number_masked: null }, [contact, alert.contact_id]);
  return (
    <section className={`${classes["offer"]} ${classes["proposed"]}`} aria-label={t("proposed_title")} data-testid="proposed-alert" data-alert={alert.id}>
      <div className={classes["facts"]}>
        <LevelChip level={alert.level} act={alert.act_in_progress} />
        <b>{t("proposed_title")}</b>
        <span>
          {here === place ? name : <Link href={place}>{name}</Link>} → {t(`target_${alert.target}`)}
        </span>
        <span className={classes["why"]}>{alert.what || pick(alert, "reason")}</span>
        {more > 0 ? <span>{t("offer_more", { n: more })}</span> : null}
      </div>
      <div className={classes["answers"]}>
        {alert.deadline ? (
          <span>
            <span className={classes["within"]}>{t("proposed_left")} </span>
            <b className={classes["left"]}>
              <Countdown until={alert.deadline} />
            </b>
          </span>
        ) : null}
        <Button color="var(--imminent)" loading={busy} onClick={() => void act(() => moveAlert(alert, "confirm"))} data-testid="proposed-confirm">
          {t("proposed_confirm")}
        </Button>
        <Button variant="default" onClick={() => setDialog("details")} data-testid="proposed-details">
          {t("proposed_details")}
        </Button>
        <Button variant="default" onClick={() => setDialog("dismiss")} data-testid="proposed-dismiss">
          {t("proposed_dismiss")}
        </Button>
        {here === place ? null : (
          <Button className={classes["wide"]!} variant="subtle" onClick={() => go(place)} data-testid="proposed-open">
            {t("open_contact")}
          </Button>
        )}
      </div>
      <RaiseAlert contact={subject} proposed={alert} opened={dialog === "details"} onClose={() => setDialog(null)} />
      <Confirm
        opened={dialog === "dismiss"}
        title={t("dismiss_title")}
        consequence={t("dismiss_body")}
        confirm={t("dismiss_title")}
        reason={t("dismiss_reason")}
        onConfirm={(reason) => act(() => moveAlert(alert, "dismiss", { reason }))}
        onClose={() => setDialog(null)}
      />
    </section>
  );
}
