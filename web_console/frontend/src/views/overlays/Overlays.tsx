import { may, useUser } from "../../data/session";
import { RaisedAlerts } from "../dispatch/RaisedAlerts";
import { HelpBar } from "../wallboard/HelpBar";
import { PhoneRing } from "../phone/PhoneRing";
import { DutyBell } from "../shifts/DutyBell";
import { WaitBar } from "../wallboard/WaitBar";
import { Bells } from "./Bells";
import { OfferBar } from "./OfferBar";
import classes from "./overlays.module.css";
import { ProposedAlerts } from "./ProposedAlerts";

/** What lies over every place of the console for those who serve contacts: offers and proposed alerts. */
export function Overlays() {
  const user = useUser();
  if (!may(user, "contact.serve")) return null;
  return (
    <>
      <div ref={keepRoom} className={classes["bars"]}>
        <PhoneRing />
        <OfferBar />
        <ProposedAlerts />
        {may(user, "alert.dispatch") ? <RaisedAlerts /> : null}
        {may(user, "contact.supervise") ? <HelpBar /> : null}
        <WaitBar />
      </div>
      <Bells />
      {may(user, "shift.plan") ? <DutyBell /> : null}
    </>
  );
}

/** Dialogs and drawers begin below the bars instead of under them (`overlays.module.css`). */
function keepRoom(bars: HTMLDivElement | null): (() => void) | undefined {
  if (!bars) return undefined;
  const root = document.documentElement.style;
  const watch = new ResizeObserver(() => {
    const { height, bottom } = bars.getBoundingClientRect();
    root.setProperty("--bars-bottom", height > 0 ? `${Math.round(bottom)}px` : "0px");
  });
  watch.observe(bars);
  return () => {
    watch.disconnect();
    root.removeProperty("--bars-bottom");
  };
}
