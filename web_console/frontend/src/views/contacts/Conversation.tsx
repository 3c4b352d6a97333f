import { useUser } from "../../data/session";
import type { Contact } from "../../data/contacts";
import { Empty } from "../../ui/states";
import { useWords } from "../../words/words";
import { RecordingBar } from "../recordings/RecordingBar";
import { canRead } from "./access";
import { BackgroundBanner } from "./Background";
import { ContactHeader } from "./ContactHeader";
import classes from "./Desk.module.css";
import { ErasedWords } from "./ErasedWords";
import { Foot } from "./Foot";
import { PassedOn } from "./PassedOn";
import { RiskBanner } from "./RiskBanner";
import { SchoolReportPane } from "./SchoolReportPane";
import { Transcript } from "./Transcript";

/** One contact, from who it is down to the words to write next. The banner takes its own space: it never lies over anything. */
export function Conversation({ contact }: { contact: Contact }) {
  const t = useWords("desk");
  const user = useUser();
  const readable = canRead(user, contact);
  return (
    <section className={classes["centre"]} aria-label={t("transcript")} data-testid="conversation" data-contact={contact.id} data-state={contact.state}>
      <ContactHeader contact={contact} />
      {readable ? <BackgroundBanner contact={contact} /> : null}
      {readable ? <PassedOn contact={contact} /> : null}
      {readable ? <RiskBanner contact={contact} /> : null}
      {readable ? <RecordingBar contact={contact} /> : null}
      <Words contact={contact} readable={readable} />
      <Foot contact={contact} />
    </section>
  );
}

function Words({ contact, readable }: { contact: Contact; readable: boolean }) {
  if (!readable) return <Hidden contact={contact} />;
  return contact.content_erased_at ? <ErasedWords at={contact.content_erased_at} /> : <Said contact={contact} />;
}

/** Not theirs to read: who waits is read by whoever takes them. */
function Hidden({ contact }: { contact: Contact }) {
  const t = useWords("desk");
  return (
    <div className={classes["hidden"]}>
      <Empty icon={contact.channel} title={t(contact.state === "waiting" ? "no_access_waiting" : "no_access")} />
    </div>
  );
}

const Said = ({ contact }: { contact: Contact }) => (contact.channel === "school" ? <SchoolReportPane contact={contact} /> : <Transcript contact={contact} />);
