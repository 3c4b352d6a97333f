import { type KeyboardEvent, useRef, useState } from "react";
import { tellTyping, write } from "../../data/chatLine";
import { Icon } from "../../ui/Icon";
import { enterSends } from "../../ui/keys";
import { useWords } from "../../words/words";
import classes from "./Composer.module.css";

/** The counselor is told that the person types at most this often. */
const TYPING_EVERY_MS = 3_000;
/** From here on the remaining length is shown. */
const SHOW_LEFT = 200;

export function Composer({ limit }: { limit: number }) {
  const t = useWords("chat");
  const [text, setText] = useState("");
  const told = useRef(0);
  const left = limit - text.length;
  const send = () => {
    if (!text.trim()) return;
    write(text.trim());
    setText("");
    told.current = 0;
  };
  const typed = (value: string) => {
    setText(value);
    if (Date.now() - told.current > TYPING_EVERY_MS && tellTyping()) told.current = Date.now();
  };
  const press = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    // On a phone Enter makes a new line: the button beside it sends.
    if (!enterSends(event.nativeEvent) || !window.matchMedia("(pointer: fine)").matches) return;
    event.preventDefault();
    send();
  };
  return (
    <form className={classes["composer"]} onSubmit={(event) => (event.preventDefault(), send())}>
      <label className={classes["grow"]} data-text={text}>
        <span className="visually-hidden">{t("compose")}</span>
        <textarea rows={1} value={text} maxLength={limit} placeholder={t("compose_hint")} onChange={(event) => typed(event.target.value)} onKeyDown={press} data-testid="chat-composer" />
      </label>
      <button type="submit" className={classes["send"]} disabled={!text.trim()} aria-label={t("send")} data-testid="chat-send">
        <Icon name="send" size={20} />
      </button>
      {left <= SHOW_LEFT ? (
        <span className={classes["left"]} role="status">
          {t("too_long", { n: left })}
        </span>
      ) : null}
    </form>
  );
}
