import { may, useUser } from "../../data/session";
import { useKnown } from "../../data/store";
import { Loading } from "../../ui/states";
import { useWords } from "../../words/words";
import { AlertClocks } from "./AlertClocks";
import { Conversations } from "./Conversations";
import { HelpRequests } from "./HelpRequests";
import { People } from "./People";
import { TodayTile } from "./TodayTile";
import { WaitingTile } from "./WaitingTile";
import classes from "./Wallboard.module.css";

/** The service at a glance, readable from across the room; a click on anything leads to it. */
export default function Wallboard() {
  const t = useWords("wallboard");
  const ready = useKnown((known) => known.ready);
  const supervises = may(useUser(), "contact.supervise");
  if (!ready) return <Loading rows={5} />;
  return (
    <div className={classes["page"]} data-figures-only={!supervises || undefined} data-testid="wallboard">
      <h1 className="visually-hidden">{t("title")}</h1>
      {supervises ? <WaitingTile /> : null}
      <TodayTile />
      {supervises ? (
        <>
          <AlertClocks />
          <HelpRequests />
          <People />
          <Conversations />
        </>
      ) : null}
    </div>
  );
}
