import { Button } from "@mantine/core";
import { useEffect, useMemo, useRef } from "react";
import { useLocation } from "wouter";
import { isKnown } from "../../data/background";
import { acceptOffer, declineOffer } from "../../data/contactCommands";
import { type Offer, openOffers } from "../../data/offers";
import { useUser } from "../../data/session";
import { useKnown } from "../../data/store";
import { useAct } from "../../ui/act";
import { secondsSince, useSecond } from "../../ui/clock";
import { Icon } from "../../ui/Icon";
import { LevelChip } from "../../ui/LevelChip";
import { announce } from "../../ui/live";
import { Countdown, Timer } from "../../ui/Timer";
import { usePick, useWords } from "../../words/words";
import { KnownLine, useBackground } from "../contacts/Background";
import classes from "./overlays.module.css";
import { WhyYou } from "./WhyYou";

/** A bar over everything. It takes no focus: whoever is writing goes on writing, and Alt+Enter accepts from anywhere. */
export function OfferBar() {
  const user = useUser();
  const offers = useKnown((known) => known.offers);
  const now = useSecond();
  // One that has run out is gone from the bar even before the server says so: its button could only fail.
  const open = useMemo(() => openOffers(offers, user.id), [offers, user.id]).filter((offer) => secondsSince(offer.expires_at, now) < 1);
  const first = open[0];
  return first ? <Bar key={first.id} offer={first} more={open.length - 1} /> : null;
}

function Bar({ offer, more }: { offer: Offer; more: number }) {
  const t = useWords("desk");
  const words = useWords("ui");
  const pick = usePick();
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
        <span className={classes["why"]}>{pick(offer, "why")}</span>
        {more > 0 ? <span>{t("offer_more", { n: more })}</span> : null}
      </div>
      {offer.note ? (
        <p className={classes["note"]} data-testid="offer-note">
          <Icon name="transfer" size={16} /> {offer.note}
        </p>
      ) : null}
      <WhyYou offer={offer} />
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
