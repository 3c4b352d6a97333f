import { memo } from "react";
import { outbox } from "../../data/line";
import type { Message } from "../../data/messages";
import { Icon } from "../../ui/Icon";
import type { Unsent } from "../../wire/outbox";
import { useLanguage, useWords } from "../../words/words";
import { LevelShape } from "../../ui/LevelChip";
import { atLeast } from "../../data/levels";
import classes from "./Conversation.module.css";
import { EvidenceText } from "./EvidenceText";
import { TextDelivery } from "./TextDelivery";
import { useFocusedMessage } from "./focusedMessage";
import { clockTime } from "./naming";

const OURS: ReadonlySet<Message["from"]> = new Set(["counselor", "supervisor", "transcript_counselor"]);

/** One turn, in plain markup: there may be five hundred of them. */
export const MessageRow = memo(function MessageRow({ message, seen }: { message: Message; seen: boolean }) {
  const t = useWords("desk");
  const language = useLanguage();
  const focused = useFocusedMessage((state) => state.focused);
  const ours = OURS.has(message.from);
  const look = ours ? classes["ours"] : message.from === "automatic" ? classes["automatic"] : "";
  const flash = focused?.contactId === message.contact_id && focused.seq === message.seq ? classes["flash"] : "";
  return (
    <div className={`${classes["message"]} ${look} ${flash}`} data-testid="message" data-from={message.from} data-seq={message.seq} data-level={message.level ?? undefined}>
      <div className={classes["meta"]}>
        <span>{message.staff?.name ?? t(`from_${message.from}`)}</span>
        <time dateTime={message.at}>{clockTime(message.at, language)}</time>
        {message.level && (atLeast(message.level, "moderate") || message.level === "unassessed") ? <MessageLevel level={message.level} /> : null}
      </div>
      <p>
        <EvidenceText text={message.text} evidence={message.evidence} level={message.level} />
      </p>
      {message.delivery ? (
        <TextDelivery message={message} />
      ) : ours && !message.from.startsWith("transcript") ? (
        <div className={classes["meta"]} data-testid="message-mark">
          <Icon name={seen ? "checks" : "check"} size={13} /> {t(seen ? "seen" : "delivered")}
        </div>
      ) : null}
    </div>
  );
});

function MessageLevel({ level }: { level: NonNullable<Message["level"]> }) {
  const words = useWords("ui");
  return (
    <span style={{ color: level === "unassessed" ? "var(--ink-2)" : `var(--${level}-text)`, display: "inline-flex", gap: 3, alignItems: "center", fontWeight: 600 }}>
      <LevelShape level={level} size={11} />
      {words(`level_${level}`)}
    </span>
  );
}

/** Written, not acknowledged yet. */
export function PendingRow({ item, down }: { item: Unsent; down: boolean }) {
  const t = useWords("desk");
  const refused = item.state === "refused";
  return (
    <div className={`${classes["message"]} ${classes["ours"]} ${classes["pending"]}`} data-testid="message-pending" data-state={item.state}>
      <p>{item.text}</p>
      <div className={classes["meta"]}>
        <Icon name="clock" size={13} />
        {refused ? t("refused") : t(down || item.state === "queued" ? "not_sent" : "sending")}
        {refused ? (
          <button type="button" onClick={() => outbox.retry(item.client_id)}>
            {t("resend")}
          </button>
        ) : null}
      </div>
    </div>
  );
}
