import { Empty } from "../../ui/states";
import { useLanguage, useWords } from "../../words/words";
import classes from "./Desk.module.css";
import { dayOfYear } from "./naming";

/** The words had their time, or their person asked for it: what is left is when it was, and how it ended. */
export function ErasedWords({ at }: { at: string }) {
  const t = useWords("desk");
  const language = useLanguage();
  return (
    <div className={classes["hidden"]}>
      <Empty icon="check" title={t("content_erased", { day: dayOfYear(at, language) })} body={t("content_erased_body")} />
    </div>
  );
}
