import type { ChatMessage } from "../../data/chat";
import { unsent } from "../../data/chatLine";
import { Icon } from "../../ui/Icon";
import type { Unsent } from "../../wire/outbox";
import { useLanguage, usePick, useWords } from "../../words/words";
import classes from "./Bubbles.module.css";
import page from "./chat.module.css";

const clock = (at: string, language: string) => new Date(at).toLocaleTimeString(language === "zh" ? "zh-CN" : "en", { hour: "2-digit", minute: "2-digit", hour12: false });

export function Bubble({ message, read }: { message: ChatMessage; read: boolean }) {
  const t = useWords("chat");
  const pick = usePick();
  const language = useLanguage();
  const mine = message.from === "you";
  return (
    <li className={`${classes["bubble"]} ${classes[message.from]}`} data-testid="chat-message" data-from={message.from} data-seq={message.seq} data-read={mine ? read : undefined}>
      <span className={message.from === "automatic" ? classes["author"] : "visually-hidden"}>{t(message.from)}</span>
      <p>{message.from === "automatic" ? pick(message, "text") || message.text : message.text}</p>
      <span className={classes["mark"]}>
        <time dateTime={message.at}>{clock(message.at, language)}</time>
        {mine ? (
          <span>
            <Icon name={read ? "checks" : "check"} size={13} /> {read ? t("read") : t("sent")}
          </span>
        ) : null}
      </span>
    </li>
  );
}

/** Written, not acknowledged: it must look so. While the line is up and it only just went out, quietly. */
export function UnsentBubble({ item, down }: { item: Unsent; down: boolean }) {
  const t = useWords("chat");
  const refused = item.state === "refused";
  return (
    <li className={`${classes["bubble"]} ${classes["you"]} ${classes["unsent"]}`} data-testid="chat-unsent" data-state={item.state}>
      <span className="visually-hidden">{t("you")}</span>
      <p>{item.text}</p>
      <span className={classes["mark"]}>
        <Icon name="clock" size={13} />
        {refused ? t(item.refusal === "invalid" ? "refused_too_long" : item.refusal === "chat_over" ? "refused_over" : "refused") : down || item.state === "queued" ? t("not_sent") : t("sending")}
        {refused ? (
          <button type="button" className={page["quiet"]} onClick={() => unsent.retry(item.client_id)}>
            {t("resend")}
          </button>
        ) : null}
      </span>
    </li>
  );
}
