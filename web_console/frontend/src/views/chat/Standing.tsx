import { useChat } from "../../data/chatLine";
import { secondsSince, running, useSecond } from "../../ui/clock";
import { useWords } from "../../words/words";
import { Breathing } from "./Breathing";
import classes from "./chat.module.css";
import { UsualWait } from "./Start";

/** Where the chat stands, said honestly: waiting with its place, interrupted, with a counselor, or about to end by silence. */
export function Standing() {
  const t = useWords("chat");
  const contact = useChat((chat) => chat.contact);
  if (!contact) return null;
  if (contact.state === "waiting") return <Waiting />;
  return (
    <>
      <p className={classes["withYou"]} data-testid="counselor-here">
        {t("with_you")}
      </p>
      {contact.warned ? (
        <p className={classes["notice"]} role="status" data-testid="silence-warning">
          {t("warned")} {contact.closes_at ? <ClosesIn at={contact.closes_at} /> : null}
        </p>
      ) : null}
    </>
  );
}

function ClosesIn({ at }: { at: string }) {
  const t = useWords("chat");
  return <span className="tabular">{t("warned_until", { time: running(-secondsSince(at, useSecond())) })}</span>;
}

function Waiting() {
  const t = useWords("chat");
  const contact = useChat((chat) => chat.contact);
  if (!contact) return null;
  const { place, interrupted, on_duty: onDuty } = contact;
  return (
    <section className={classes["waiting"]} data-testid="chat-waiting">
      <h2>{t("waiting_title")}</h2>
      {interrupted ? <p data-testid="chat-interrupted">{t("interrupted")}</p> : null}
      {place !== null && !interrupted ? (
        <p role="status" className={classes["place"]} data-testid="chat-place" data-place={place}>
          {place <= 1 ? t("place_first") : t("place", { n: place - 1 })}
        </p>
      ) : null}
      {onDuty ? <UsualWait seconds={contact.usual_wait_seconds} /> : <p data-testid="nobody-on-duty">{t("nobody_waiting")}</p>}
      <p className={classes["dim"]}>{t("write_already")}</p>
      <Breathing />
    </section>
  );
}
