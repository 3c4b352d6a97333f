import { type FormEvent, useRef, useState } from "react";
import { type AgeBand, MINORS, NUMBERS_WITHOUT_SERVER, type PublicInfo } from "../../data/chat";
import { openChat, useChat } from "../../data/chatLine";
import { newId } from "../../wire/ids";
import { Problem } from "../../wire/problem";
import { useLanguage, usePick, useWords } from "../../words/words";
import classes from "./chat.module.css";
import { Numbers } from "./TopBar";

const FORM = "start";

/** Before the first word: what this is, who reads it, when confidentiality ends; and whether anybody is there. */
export function Start({ info }: { info: PublicInfo | null }) {
  const t = useWords("chat");
  const pick = usePick();
  return (
    <main className={classes["column"]} data-testid="chat-start">
      <h1 className={classes["h1"]}>{t("welcome")}</h1>
      <p>{t("what", { service: info ? pick(info, "service_name") : t("title") })}</p>
      <p>{t("private")}</p>
      <p className={classes["limits"]}>{t("limits")}</p>
      {info && !info.on_duty ? <NobodyThere /> : <UsualWait seconds={info?.usual_wait_seconds ?? null} />}
      <StartForm info={info} />
    </main>
  );
}

function NobodyThere() {
  const t = useWords("chat");
  return (
    <section className={classes["notice"]} data-testid="nobody-on-duty">
      <h2>{t("nobody_title")}</h2>
      <p>{t("nobody_body")}</p>
    </section>
  );
}

export function UsualWait({ seconds }: { seconds: number | null }) {
  const t = useWords("chat");
  if (seconds === null) return null;
  return <p data-testid="usual-wait">{seconds < 60 ? t("usual_wait_short") : t("usual_wait", { n: Math.ceil(seconds / 60) })}</p>;
}

function StartForm({ info }: { info: PublicInfo | null }) {
  const t = useWords("chat");
  const pick = usePick();
  const language = useLanguage();
  const [age, setAge] = useState<AgeBand | "">("");
  const { busy, error, submit } = useOpening();
  const tooYoung = info !== null && !info.minors_allowed && age !== "" && MINORS.includes(age);
  const paused = Boolean(info?.chats_paused.includes(language)) || error === "chats_paused";
  const refused = paused ? "paused" : tooYoung || error === "minors_not_allowed" ? "minors" : null;
  return (
    <>
      <form id={FORM} className={classes["form"]} onSubmit={submit}>
        <p className={classes["dim"]}>{t("optional")}</p>
        <label className={classes["field"]}>
          <span>
            {t("nickname")} <small>{t("nickname_hint")}</small>
          </span>
          <input name="nickname" maxLength={40} autoComplete="off" data-testid="chat-nickname" />
        </label>
        <label className={classes["field"]}>
          <span>{t("topic")}</span>
          <select name="topic" defaultValue="" data-testid="chat-topic">
            <option value="">{t("topic_any")}</option>
            {info?.topics.map((topic) => (
              <option key={topic.code} value={topic.code}>
                {pick(topic)}
              </option>
            ))}
          </select>
        </label>
        <label className={classes["field"]}>
          <span>{t("age")}</span>
          <select name="age_band" value={age} onChange={(event) => setAge(event.target.value as AgeBand | "")} data-testid="chat-age">
            <option value="">{t("age_any")}</option>
            {info?.age_bands.map((band) => (
              <option key={band} value={band}>
                {t(`age_${band}`)}
              </option>
            ))}
          </select>
        </label>
        <SameCounselor />
        {refused ? <Refused why={refused} info={info} /> : null}
      </form>
      {refused ? null : <Begin busy={busy} error={error} />}
    </>
  );
}

function Refused({ why, info }: { why: "paused" | "minors"; info: PublicInfo | null }) {
  const t = useWords("chat");
  return (
    <section className={classes["notice"]} role="alert" data-testid={why === "paused" ? "chats-paused" : "minors-not-allowed"}>
      <h2>{t(`${why}_title`)}</h2>
      <p>{t(`${why}_body`)}</p>
      <Numbers numbers={info?.numbers ?? NUMBERS_WITHOUT_SERVER} />
    </section>
  );
}

/** Stays in sight above the questions: none of them has to be answered, or even passed. */
function Begin({ busy, error }: { busy: boolean; error: string | null }) {
  const t = useWords("chat");
  return (
    <div className={classes["begin"]}>
      {error ? (
        <p role="alert" className={classes["error"]}>
          {error === "slow_down" ? t("start_too_many") : t("start_failed")}
        </p>
      ) : null}
      <button type="submit" form={FORM} className={classes["primary"]} disabled={busy} data-testid="chat-open">
        {busy ? t("starting") : t("start")}
      </button>
    </div>
  );
}

/** Asked only of who has just been with somebody; without a name, and never a condition. */
function SameCounselor() {
  const t = useWords("chat");
  const earlier = useChat((chat) => chat.earlier);
  if (!earlier) return null;
  return (
    <label className={classes["check"]}>
      <input type="checkbox" name="same_counselor" value="yes" data-testid="chat-same-counselor" />
      <span>
        {t("same_counselor")} <small>{t("same_counselor_hint")}</small>
      </span>
    </label>
  );
}

function useOpening() {
  const language = useLanguage();
  const earlier = useChat((chat) => chat.earlier);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  // One key for this visit: if the answer to the first attempt was lost, the second finds the same chat.
  const key = useRef(newId());
  const open = async (form: FormData) => {
    const field = (name: string) => String(form.get(name) ?? "").trim();
    setBusy(true);
    setError(null);
    try {
      await openChat(
        {
          language,
          ...(field("nickname") ? { nickname: field("nickname") } : {}),
          ...(field("topic") ? { topic: field("topic") } : {}),
          ...(field("same_counselor") && earlier ? { same_counselor_as: earlier } : {}),
          ...(field("age_band") ? { age_band: field("age_band") as AgeBand } : {}),
        },
        key.current,
      );
    } catch (cause) {
      setError(cause instanceof Problem ? cause.code : "failed");
      setBusy(false);
      // A refusal is an answer: a changed form is another request.
      if (cause instanceof Problem && cause.status >= 400 && cause.status < 500) key.current = newId();
    }
  };
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    void open(new FormData(event.currentTarget));
  };
  return { busy, error, submit };
}
