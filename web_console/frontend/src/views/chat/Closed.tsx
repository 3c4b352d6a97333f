import { type FormEvent, useState } from "react";
import { NUMBERS_WITHOUT_SERVER, type PublicInfo } from "../../data/chat";
import { forgetChat, sendFeedback, startAgain, useChat } from "../../data/chatLine";
import { useWords } from "../../words/words";
import { Bubble } from "./Bubbles";
import bubbles from "./Bubbles.module.css";
import classes from "./chat.module.css";
import { Numbers } from "./TopBar";

const ANSWERS = [1, 2, 3, 4, 5] as const;

/** After closing: the numbers, two questions, and the way to leave no trace on this device. */
export function Closed({ info }: { info: PublicInfo | null }) {
  const t = useWords("chat");
  return (
    <main className={classes["column"]} data-testid="chat-closed">
      <h1 className={classes["h1"]}>{t("closed_title")}</h1>
      <p>{t("closed_body")}</p>
      <Numbers numbers={info?.numbers ?? NUMBERS_WITHOUT_SERVER} />
      <Written />
      <Survey />
      <div className={classes["after"]}>
        <button type="button" className={classes["primary"]} onClick={startAgain} data-testid="chat-new">
          {t("new_chat")}
        </button>
        <Delete />
      </div>
    </main>
  );
}

/** What was written stays to be read until it is deleted from the device; folded, since somebody else may hold it next. */
function Written() {
  const t = useWords("chat");
  const messages = useChat((chat) => chat.messages);
  const read = useChat((chat) => chat.contact?.read_up_to_seq ?? 0);
  if (messages.length === 0) return null;
  return (
    <details className={classes["written"]} data-testid="chat-written">
      <summary>{t("closed_read")}</summary>
      <ol className={bubbles["messages"]}>
        {messages.map((message) => (
          <Bubble key={message.seq} message={message} read={message.seq <= read} />
        ))}
      </ol>
    </details>
  );
}

function Delete() {
  const t = useWords("chat");
  return (
    <div>
      <button type="button" className={classes["plain"]} onClick={() => (forgetChat(), location.reload())} data-testid="chat-delete">
        {t("delete")}
      </button>
      <p className={classes["dim"]}>{t("delete_note")}</p>
    </div>
  );
}

function Survey() {
  const t = useWords("chat");
  const [state, setState] = useState<"asking" | "sending" | "sent" | "failed">("asking");
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const helped = Number(form.get("helped")) || null;
    const comment = String(form.get("comment") ?? "").trim();
    if (helped === null) return;
    setState("sending");
    sendFeedback(helped, comment).then(
      () => setState("sent"),
      () => setState("failed"),
    );
  };
  if (state === "sent") {
    return (
      <p role="status" className={classes["notice"]} data-testid="survey-sent">
        {t("survey_thanks")}
      </p>
    );
  }
  return (
    <form className={classes["form"]} onSubmit={submit} data-testid="survey">
      <h2>{t("survey_title")}</h2>
      <fieldset className={classes["scale"]}>
        <legend>{t("survey_helped")}</legend>
        {ANSWERS.map((value) => (
          <label key={value}>
            <input type="radio" name="helped" value={value} required />
            <span>{t(`helped_${value}`)}</span>
          </label>
        ))}
      </fieldset>
      <label className={classes["field"]}>
        <span>{t("survey_comment")}</span>
        <textarea name="comment" rows={3} maxLength={2000} />
      </label>
      {state === "failed" ? <p role="alert">{t("survey_failed")}</p> : null}
      <button type="submit" className={classes["plain"]} disabled={state === "sending"} data-testid="survey-send">
        {t("survey_send")}
      </button>
    </form>
  );
}
