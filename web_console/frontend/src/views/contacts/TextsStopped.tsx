import type { Contact } from "../../data/contacts";
import { Icon } from "../../ui/Icon";
import { useWords } from "../../words/words";
import classes from "./Conversation.module.css";

/** In the composer's place: nothing can be written, and what can be done instead. */
export function TextsStopped({ contact }: { contact: Contact }) {
  const t = useWords("texts");
  if (contact.texts_stopped_at === null) return null;
  return (
    <div className={classes["notice"]} role="status" data-testid="texts-stopped">
      <Icon name="bellOff" size={18} />
      <span>
        <b>{t("stopped_title")}</b> {t("stopped_body")}
      </span>
    </div>
  );
}
