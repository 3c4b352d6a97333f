import { useCallback, useEffect } from "react";
import { forgetChat, reportRead, startChatLine, stopChatLine, useChat } from "../../data/chatLine";
import { LiveRegions } from "../../ui/live";
import { useWords } from "../../words/words";
import classes from "./chat.module.css";
import { Closed } from "./Closed";
import { Conversation } from "./Conversation";
import { leaveQuickly, useEscapeTwice } from "./exit";
import { Start } from "./Start";
import { TopBar } from "./TopBar";
import { usePublicInfo } from "./usePublicInfo";

export function ChatApp() {
  const t = useWords("chat");
  const info = usePublicInfo();
  const leave = useCallback(() => leaveQuickly(info?.neutral_url), [info?.neutral_url]);
  useEscapeTwice(leave);
  useResume();
  useEffect(() => {
    document.title = t("title");
  });
  return (
    <div className={classes["page"]}>
      <LiveRegions />
      <TopBar info={info} onLeave={leave} />
      <Screen info={info} />
    </div>
  );
}

function Screen({ info }: { info: ReturnType<typeof usePublicInfo> }) {
  const t = useWords("chat");
  const token = useChat((chat) => chat.token);
  const gone = useChat((chat) => chat.gone);
  const state = useChat((chat) => chat.contact?.state);
  if (token === null) return <Start info={info} />;
  if (gone) {
    return (
      <main className={classes["column"]}>
        <p role="alert">{t("gone")}</p>
        <button type="button" className={classes["primary"]} onClick={forgetChat} data-testid="chat-new">
          {t("new_chat")}
        </button>
      </main>
    );
  }
  return state === "closed" ? <Closed info={info} /> : <Conversation info={info} />;
}

/** A reload, or coming back the next minute, goes on where it was. */
function useResume(): void {
  useEffect(() => {
    if (useChat.getState().token) startChatLine();
    document.addEventListener("visibilitychange", reportRead);
    return () => {
      document.removeEventListener("visibilitychange", reportRead);
      stopChatLine();
    };
  }, []);
}
