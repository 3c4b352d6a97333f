import { may, useUser } from "../../data/session";
import { Bells } from "./Bells";
import { OfferBar } from "./OfferBar";
import { ProposedAlerts } from "./ProposedAlerts";

/** What lies over every place of the console for those who serve contacts: offers and proposed alerts. */
export function Overlays() {
  const user = useUser();
  if (!may(user, "contact.serve")) return null;
  return (
    <>
      <OfferBar />
      <ProposedAlerts />
      <Bells />
    </>
  );
}
