import { useEffect } from "react";
import { useParams } from "wouter";
import { useUser } from "../../data/session";
import { loadContact } from "../../data/contactCommands";
import { useKnown } from "../../data/store";
import { Empty } from "../../ui/states";
import { useWords } from "../../words/words";
import { canRead } from "./access";
import { ContactLists } from "./ContactLists";
import { Conversation } from "./Conversation";
import classes from "./Desk.module.css";
import { KeySheet } from "./KeySheet";
import { SidePanel } from "./SidePanel";
import { useDeskKeys } from "./useDeskKeys";

/** The counselor's desk: who there is, what is said, what is known. */
export default function Desk() {
  const { id } = useParams<{ id?: string }>();
  useDeskKeys();
  return (
    <div className={classes["desk"]} data-chosen={id !== undefined || undefined}>
      <ContactLists chosen={id} />
      <Chosen id={id} />
      <KeySheet />
    </div>
  );
}

function Chosen({ id }: { id: string | undefined }) {
  const t = useWords("desk");
  const user = useUser();
  const contact = useKnown((known) => (id ? known.contacts[id] : undefined));
  const ready = useKnown((known) => known.ready);
  const missing = ready && id !== undefined && contact === undefined;
  useEffect(() => {
    // A link to a contact that is not on this console: a closed one, or an alert's.
    if (missing) void loadContact(id).catch(() => undefined);
  }, [missing, id]);
  if (!contact) {
    return (
      <section className={classes["centre"]}>
        <h1 className="visually-hidden">{t("my_contacts")}</h1>
        <Empty icon="chat" title={t("pick_title")} body={t("pick_body")} />
      </section>
    );
  }
  return (
    <>
      <Conversation key={contact.id} contact={contact} />
      {canRead(user, contact) ? <SidePanel key={`side-${contact.id}`} contact={contact} /> : <aside className={classes["side"]} />}
    </>
  );
}
