import { explained, isLost, resendText, whatToDo } from "../../data/texts";
import type { Message } from "../../data/messages";
import { useAct } from "../../ui/act";
import { Icon, type IconName } from "../../ui/Icon";
import { useWords } from "../../words/words";
import classes from "./TextDelivery.module.css";

const ICONS: Record<NonNullable<Message["delivery"]>, IconName> = { queued: "clock", sent: "check", delivered: "checks", undelivered: "alert", failed: "alert" };

/** How far a text has come; of one that did not arrive also why, what to do, and the way to send it again. */
export function TextDelivery({ message }: { message: Message }) {
  const t = useWords("texts");
  if (message.delivery === null) return null;
  const lost = isLost(message.delivery);
  return (
    <div className={lost ? classes["lost"] : classes["mark"]} data-testid="text-delivery" data-delivery={message.delivery}>
      <Icon name={ICONS[message.delivery]} size={13} />
      <span>{t(message.delivery)}</span>
      {lost ? <Lost message={message} /> : null}
    </div>
  );
}

function Lost({ message }: { message: Message }) {
  const t = useWords("texts");
  const { act, busy } = useAct();
  const code = message.delivery_code;
  const known = explained(code);
  const why = known !== null ? t(`why_${known}`) : code === null ? t("why_none") : t("why_other", { code });
  const todo = whatToDo(code);
  return (
    <>
      <span>{why}</span>
      {message.from === "automatic" ? null : <span>{t(todo)}</span>}
      {todo === "do_later" && message.from !== "automatic" ? (
        <button type="button" disabled={busy} onClick={() => void act(() => resendText(message))} data-testid="text-resend">
          {t("resend")}
        </button>
      ) : null}
    </>
  );
}
