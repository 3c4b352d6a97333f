import type { Contact } from "../../data/contacts";
import { useUser } from "../../data/session";
import { Icon } from "../../ui/Icon";
import { useWords } from "../../words/words";
import classes from "./Background.module.css";

/** Who had it before, and what they wrote for whoever has it now. Their own words are not told to themselves. */
export function PassedOn({ contact }: { contact: Contact }) {
  const t = useWords("phone");
  const user = useUser();
  const passed = contact.passed_on;
  if (!passed || contact.state === "closed") return null;
  const back = passed.came_back && passed.to !== null;
  if (passed.by?.id === user.id && !back) return null;
  return (
    <div className={classes["banner"]} role="status" data-testid="passed-on" data-back={back || undefined}>
      <p className={classes["line"]}>
        <Icon name="transfer" size={16} />
        <b>{back ? t("passed_on_back", { to: passed.to?.name ?? "" }) : t("passed_on", { by: passed.by?.name ?? "" })}</b>
        {passed.note ? <span className={classes["note"]}>{passed.note}</span> : null}
      </p>
    </div>
  );
}
