import { useEffect, useRef } from "react";
import { type Call, canAct, standing } from "../../data/calls";
import type { Contact } from "../../data/contacts";
import { usePhone } from "../../data/phone";
import { useUser } from "../../data/session";
import { announce } from "../../ui/live";
import { Countdown, Timer } from "../../ui/Timer";
import { Icon } from "../../ui/Icon";
import { useWords } from "../../words/words";
import { holds, supervises } from "./access";
import classes from "./Call.module.css";
import { CallControls } from "./CallControls";
import { CallPeople } from "./CallPeople";
import { CallQuality } from "./CallQuality";
import { CallSupervision } from "./CallSupervision";
import { CallTransferNotice } from "./CallTransferNotice";

/** The phone, in the composer's place: how long, where the caller is, who else is there, and what can be done. */
export function CallBar({ contact }: { contact: Contact }) {
  const t = useWords("phone");
  const user = useUser();
  const call = contact.call;
  if (!call) return null;
  const mine = holds(user, contact);
  return (
    <section className={classes["bar"]} aria-label={t("call")} data-testid="call-bar" data-state={call.state} data-hold={call.on_hold || undefined}>
      <Head contact={contact} call={call} />
      {mine ? <PhoneNotice /> : null}
      {mine && call.back_until ? <WayBack until={call.back_until} /> : null}
      {mine ? <CallTransferNotice contact={contact} call={call} /> : null}
      {canAct(contact) ? <CallPeople contact={contact} call={call} /> : null}
      {mine ? <CallControls contact={contact} /> : null}
      {!mine && supervises(user) ? <CallSupervision contact={contact} call={call} /> : null}
    </section>
  );
}

/** What "you" means to the counselor is told to others in other words. */
const OTHERS = { hold_hold: "other_hold_hold", hold_consult: "other_hold_consult", hold_lost: "other_hold_lost" } as const;

function Head({ contact, call }: { contact: Contact; call: Call }) {
  const t = useWords("phone");
  const desk = useWords("desk");
  const user = useUser();
  const stands = standing(call);
  const where = !holds(user, contact) && stands in OTHERS ? t(OTHERS[stands as keyof typeof OTHERS]) : t(`state_${stands}`);
  useAnnounced(where);
  return (
    <div className={classes["head"]}>
      <span className={`${classes["timer"]} tabular`} title={t("wait_duration")}>
        {contact.answered_at ? <Timer since={contact.answered_at} /> : "–"}
      </span>
      <span className={classes["where"]}>
        <b>{contact.number_masked ?? desk("unnamed")}</b>
        <span className={call.on_hold ? classes["held"] : ""} data-testid="call-standing">
          {where}
        </span>
      </span>
      <span className={classes["facts"]}>
        {holds(user, contact) ? <CallQuality /> : null}
        {holds(user, contact) ? <Simulated /> : null}
        <span data-testid="call-transcript">{t(`transcript_${call.transcript}`)}</span>
      </span>
    </div>
  );
}

/** A screen reader hears where the caller is when it changes, not when the bar appears. */
function useAnnounced(words: string): void {
  const said = useRef(words);
  useEffect(() => {
    if (said.current === words) return;
    said.current = words;
    announce(words, "assertive");
  }, [words]);
}

/** There is nothing to hear: whoever waits for a voice must know. */
function Simulated() {
  const t = useWords("phone");
  const simulated = usePhone((phone) => phone.own?.kind === "simulated");
  return simulated ? (
    <span title={t("phone_simulated_body")} data-testid="call-simulated">
      {t("phone_simulated_bar")}
    </span>
  ) : null;
}

/** What is wrong with one's own telephone, where that keeps one from talking. */
function PhoneNotice() {
  const t = useWords("phone");
  const { own, registration, talk, microphoneRefused, muted } = usePhone();
  const problem = microphoneRefused
    ? t("microphone_refused_body")
    : own?.kind === "none"
      ? t("phone_none_bar")
      : talk === "reconnecting"
        ? t("reconnecting")
        : registration === "lost" && talk === "none"
          ? t("phone_lost_bar")
          : muted
            ? t("muted")
            : null;
  return problem ? (
    <div className={classes["notice"]} role="status" data-testid="call-phone-notice">
      <Icon name={muted ? "micOff" : "alert"} size={18} />
      <span>{problem}</span>
    </div>
  ) : null;
}

function WayBack({ until }: { until: string }) {
  const t = useWords("phone");
  const [before, after] = t("back_until", { time: "\u0000" }).split("\u0000");
  return (
    <div className={classes["notice"]} data-testid="call-way-back">
      <Icon name="call" size={18} />
      <span>
        {before}
        <Countdown until={until} />
        {after}
      </span>
    </div>
  );
}
