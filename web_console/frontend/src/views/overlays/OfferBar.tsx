import { Button } from "@mantine/core";
import { useEffect, useMemo, useRef, useState } from "react";
import { useLocation } from "wouter";
import { isKnown } from "../../data/background";
import { acceptOffer, declineOffer } from "../../data/contactCommands";
import { type Offer, openOffers } from "../../data/offers";
import { useUser } from "../../data/session";
import { useKnown } from "../../data/store";
import type { Table } from "../../data/table";
import { useAct } from "../../ui/act";
import { secondsSince, useSecond } from "../../ui/clock";
import { Icon } from "../../ui/Icon";
import { LevelChip } from "../../ui/LevelChip";
import { announce } from "../../ui/live";
import { Countdown, Timer } from "../../ui/Timer";
import { serverNow } from "../../wire/serverClock";
import { usePick, useWords } from "../../words/words";
import { KnownLine, useBackground } from "../contacts/Background";
import { MODEL, useCueName } from "../contacts/cues";
import { LineFlags } from "../line/LineFlags";
import classes from "./overlays.module.css";
import { WhyYou } from "./WhyYou";

/** A bar over everything. It takes no focus: whoever is writing goes on writing, and Alt+Enter accepts from anywhere. */
export function OfferBar() {
  const t = useWords("desk");
  const user = useUser();
  const offers = useKnown((known) => known.offers);
  const now = useSecond();
  // One that has run out is gone from the bar even before the server says so: its button could only fail.
  const open = useMemo(() => openOffers(offers, user.id), [offers, user.id]).filter((offer) => secondsSince(offer.expires_at, now) < 1);
  const first = open[0];
  const over = useOver(offers, user.id, now);
  useTakenByTelephone(offers, user.id);
  // Rung alone they are not ready by now, and the bar at the top says so.
  const available = useKnown((known) => known.presences[user.id]?.state === "available");
  if (first) return <Bar key={first.id} offer={first} more={open.length - 1} />;
  if (over === null || (over === "missed" && !available)) return null;
  return (
    <p className={classes["taken"]} role="status" data-testid={`offer-${over}`}>
      {t(`offer_${over}`)}
    </p>
  );
}

type Over = "taken" | "missed";
/** To be read while one looks up: the second one asks for something. */
const SHOWN_SECONDS: Record<Over, number> = { taken: 6, missed: 15 };

/** How an offer that was open a moment ago has ended, if it is to be said: for some seconds, then gone. */
function useOver(offers: Table<Offer>, staffId: string, now: number): Over | null {
  const seen = useRef(new Set<string>());
  const [ended, setEnded] = useState<{ over: Over; at: number } | null>(null);
  useEffect(() => {
    for (const offer of openOffers(offers, staffId)) seen.current.add(offer.id);
    const gone = [...seen.current].filter((id) => offers[id]?.state !== "open");
    for (const id of gone) seen.current.delete(id);
    for (const over of ["missed", "taken"] as const) if (gone.some((id) => offers[id]?.state === over)) setEnded({ over, at: Math.floor(serverNow() / 1000) });
  }, [offers, staffId]);
  return ended !== null && now - ended.at < SHOWN_SECONDS[ended.over] ? ended.over : null;
}

/** A key at one's own telephone is a click on accept: the console goes to the contact by itself. */
function useTakenByTelephone(offers: Table<Offer>, staffId: string): void {
  const [, go] = useLocation();
  const open = useRef(new Set<string>());
  useEffect(() => {
    const taken = [...open.current].map((id) => offers[id]).find((offer) => offer?.state === "accepted" && offer.by_telephone);
    open.current = new Set(openOffers(offers, staffId).map((offer) => offer.id));
    if (taken) go(`/contacts/${taken.contact_id}`);
  }, [offers, staffId, go]);
}

function Bar({ offer, more }: { offer: Offer; more: number }) {
  const t = useWords("desk");
  const words = useWords("ui");
  const { accept, decline, busy } = useAnswer(offer);
  useEffect(() => {
    announce(t("offer_announce", { channel: words(`channel_${offer.channel}`), level: words(`level_${offer.level}`) }), "assertive");
    // Once per offer, whatever else changes.
  }, [offer.id]);
  return (
    <section className={classes["offer"]} aria-label={t("offer_title")} data-testid="offer" data-offer={offer.id} data-contact={offer.contact_id}>
      <div className={classes["facts"]}>
        <Icon name={offer.channel} size={20} />
        <b>{t("offer_title")}</b>
        <span>{words(`channel_${offer.channel}`)}</span>
        <LevelChip level={offer.level} />
        <span>
          {t("offer_waiting")} <Timer since={offer.waiting_since} />
        </span>
        <Why offer={offer} />
        <Beside contactId={offer.contact_id} />
        {more > 0 ? <span>{t("offer_more", { n: more })}</span> : null}
        <WhyYou offer={offer} />
      </div>
      {offer.note ? (
        <p className={classes["note"]} data-testid="offer-note">
          <Icon name="transfer" size={16} /> {offer.note}
        </p>
      ) : null}
      <ScreenPop contactId={offer.contact_id} />
      <div className={classes["answers"]}>
        <b className={classes["left"]}>
          <Countdown until={offer.expires_at} />
        </b>
        <Button loading={busy} onClick={accept} data-testid="offer-accept">
          {t("accept")} <kbd>Alt ⏎</kbd>
        </Button>
        <Button variant="default" disabled={busy} onClick={decline} data-testid="offer-decline">
          {t("not_now")}
        </Button>
      </div>
    </section>
  );
}

/** What a rule has found, in words; of the text model its name, since its figures say nothing while it rings. Beside
 * it what the line knows: a key that says "in danger". */
function Why({ offer }: { offer: Offer }) {
  const pick = usePick();
  const cueName = useCueName();
  const contact = useKnown((known) => known.contacts[offer.contact_id]);
  return (
    <>
      <LineFlags flags={contact?.line_flags ?? []} />
      <span className={classes["why"]}>{contact?.reasons[0]?.cue === MODEL ? cueName(MODEL) : pick(offer, "why")}</span>
    </>
  );
}

/** How many colleagues it rings at beside this one: whoever answers first has it. */
function Beside({ contactId }: { contactId: string }) {
  const t = useWords("desk");
  const n = useKnown((known) => known.contacts[contactId]?.also_offered ?? 0);
  return n > 0 ? <span data-testid="offer-beside">{t("offer_beside", { n })}</span> : null;
}

/** Who this is to us, if they were here before: while it rings, without a word of what was said. */
function ScreenPop({ contactId }: { contactId: string }) {
  const found = useBackground(contactId);
  return found && isKnown(found) ? (
    <div data-testid="offer-background">
      <KnownLine found={found} />
    </div>
  ) : null;
}

function useAnswer(offer: Offer) {
  const { act, busy } = useAct();
  const [, go] = useLocation();
  const accept = () => void act(() => acceptOffer(offer)).then((done) => done && go(`/contacts/${offer.contact_id}`));
  const decline = () => void act(() => declineOffer(offer));
  const latest = useRef(accept);
  latest.current = accept;
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.key !== "Enter" || !event.altKey || event.repeat) return;
      event.preventDefault();
      latest.current();
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, []);
  return { accept, decline, busy };
}
