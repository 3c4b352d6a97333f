import { Button } from "@mantine/core";
import { type KeyboardEvent, useEffect, useRef } from "react";
import type { Contact } from "../../data/contacts";
import { useDraft } from "../../data/drafts";
import { say, sendTyping } from "../../data/line";
import { enterSends } from "../../ui/keys";
import { useWords } from "../../words/words";
import { CannedList, useCanned } from "./CannedWords";
import classes from "./Conversation.module.css";
import { useContactName } from "./naming";

/** The person is told that the counselor types at most this often. */
const TYPING_EVERY_MS = 3_000;
/** The server's limit for one message. */
const LONGEST = 4000;

export function Composer({ contact }: { contact: Contact }) {
  const t = useWords("desk");
  const name = useContactName()(contact);
  const [text, setText] = useDraft(contact.id, "composer");
  const told = useRef(0);
  const field = useFocusedWhenFree();
  const canned = useCanned(contact, text, setText);
  const send = () => {
    if (!text.trim()) return;
    say(contact.id, text.trim());
    setText("");
    told.current = 0;
  };
  const typed = (value: string) => {
    setText(value);
    if (Date.now() - told.current > TYPING_EVERY_MS && sendTyping(contact.id)) told.current = Date.now();
  };
  const press = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (canned.press(event)) return event.preventDefault();
    if (!enterSends(event.nativeEvent)) return;
    event.preventDefault();
    send();
  };
  return (
    <form className={classes["composer"]} onSubmit={(event) => (event.preventDefault(), send())}>
      {canned.open ? <CannedList canned={canned} /> : null}
      <label className={classes["grow"]} data-text={text}>
        <span className="visually-hidden">{t("compose", { name })}</span>
        <textarea
          ref={field}
          value={text}
          maxLength={LONGEST}
          placeholder={t("compose_hint")}
          lang={contact.language === "en" ? "en" : "zh-CN"}
          onChange={(event) => typed(event.target.value)}
          onKeyDown={press}
          aria-haspopup="listbox"
          aria-controls={canned.open ? "canned-words" : undefined}
          aria-activedescendant={canned.open && canned.found.length > 0 ? `canned-${canned.chosen}` : undefined}
          data-testid="composer"
        />
      </label>
      <Button type="submit" disabled={!text.trim() || canned.open} data-testid="send">
        {t("send")}
      </Button>
    </form>
  );
}

/** Who comes here by a key goes on by keys. Nothing is taken from a field that has the focus, and no keyboard opens on a telephone. */
function useFocusedWhenFree() {
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    if (document.activeElement === document.body && window.matchMedia("(pointer: fine)").matches) field.current?.focus();
  }, []);
  return field;
}
