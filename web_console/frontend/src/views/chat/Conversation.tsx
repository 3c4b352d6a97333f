import { useEffect, useLayoutEffect, useRef, useState, useSyncExternalStore } from "react";
import type { ChatMessage, PublicInfo } from "../../data/chat";
import { leaveChat, unsent, useChat } from "../../data/chatLine";
import { useSecond } from "../../ui/clock";
import { announce } from "../../ui/live";
import { useWords } from "../../words/words";
import { Bubble, UnsentBubble } from "./Bubbles";
import bubbles from "./Bubbles.module.css";
import classes from "./chat.module.css";
import { Composer } from "./Composer";
import { Standing } from "./Standing";

/** How long "typing" stays after the last sign of it. */
const TYPING_SECONDS = 6;

export function Conversation({ info }: { info: PublicInfo | null }) {
  const t = useWords("chat");
  const messages = useChat((chat) => chat.messages);
  const line = useChat((chat) => chat.line);
  const read = useChat((chat) => chat.contact?.read_up_to_seq ?? 0);
  const waiting = useSyncExternalStore(unsent.subscribe, unsent.list);
  const end = useFollow(messages.length + waiting.length);
  useAnnouncements(messages);
  return (
    <main className={classes["conversation"]} data-testid="chat-conversation">
      <div className={classes["scroll"]}>
        <div className={classes["column"]}>
          <h1 className="visually-hidden">{t("title")}</h1>
          <Standing />
          <ol className={bubbles["messages"]} data-testid="chat-messages">
            {messages.map((message) => (
              <Bubble key={message.seq} message={message} read={message.seq <= read} />
            ))}
            {waiting.map((item) => (
              <UnsentBubble key={item.client_id} item={item} down={line !== "live"} />
            ))}
          </ol>
          <Typing />
          <div ref={end} />
        </div>
      </div>
      {line === "live" ? null : (
        <p className={classes["offline"]} role="status" data-testid="chat-offline">
          {line === "waiting" ? t("offline") : t("connecting")}
        </p>
      )}
      <Composer limit={info?.max_message_length ?? 4000} />
      <EndChat />
    </main>
  );
}

function Typing() {
  const t = useWords("chat");
  const at = useChat((chat) => chat.typingAt);
  const now = useSecond();
  if (now - at / 1000 > TYPING_SECONDS) return null;
  return (
    <p className={bubbles["typing"]} data-testid="chat-typing">
      {t("typing")}
    </p>
  );
}

/** Keep the newest in sight, unless the person has scrolled up to read. */
function useFollow(count: number) {
  const end = useRef<HTMLDivElement>(null);
  const near = useRef(true);
  useEffect(() => {
    const area = end.current?.closest(`.${classes["scroll"]}`);
    if (!area) return;
    const watch = () => {
      near.current = area.scrollHeight - area.scrollTop - area.clientHeight < 120;
    };
    area.addEventListener("scroll", watch, { passive: true });
    // A telephone's keyboard takes half the page: what was read last must not go under it.
    const fit = new ResizeObserver(() => near.current && end.current?.scrollIntoView({ block: "end" }));
    fit.observe(area);
    return () => {
      area.removeEventListener("scroll", watch);
      fit.disconnect();
    };
  }, []);
  useLayoutEffect(() => {
    if (near.current) end.current?.scrollIntoView({ block: "end" });
  }, [count]);
  return end;
}

/** New words are read out once; those that were there when the page opened are not. */
function useAnnouncements(messages: readonly ChatMessage[]): void {
  const t = useWords("chat");
  const state = useChat((chat) => chat.contact?.state);
  const told = useRef<number | null>(null);
  const before = useRef(state);
  useEffect(() => {
    const last = messages.at(-1)?.seq ?? 0;
    if (told.current !== null) {
      for (const message of messages) {
        if (message.seq > told.current && message.from !== "you") announce(`${t(message.from)}: ${message.text}`);
      }
    }
    told.current = last;
  }, [messages, t]);
  useEffect(() => {
    if (before.current === "waiting" && state === "active") announce(t("joined"));
    before.current = state;
  }, [state, t]);
}

function EndChat() {
  const t = useWords("chat");
  const [asking, setAsking] = useState(false);
  if (!asking) {
    return (
      <button type="button" className={classes["end"]} onClick={() => setAsking(true)} data-testid="chat-end">
        {t("end_chat")}
      </button>
    );
  }
  return (
    <div className={classes["ask"]} role="alertdialog" aria-label={t("end_sure")}>
      <strong>{t("end_sure")}</strong>
      <p>{t("end_body")}</p>
      <button type="button" className={classes["primary"]} autoFocus onClick={() => setAsking(false)}>
        {t("end_no")}
      </button>
      <button type="button" className={classes["plain"]} onClick={() => leaveChat(false)} data-testid="chat-end-yes">
        {t("end_yes")}
      </button>
    </div>
  );
}
