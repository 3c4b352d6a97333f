import { useMemo } from "react";
import { Link } from "wouter";
import { helpRequests } from "../../data/indicators";
import { useKnown } from "../../data/store";
import { LevelChip } from "../../ui/LevelChip";
import { Timer } from "../../ui/Timer";
import { useWords } from "../../words/words";
import { useContactName } from "../contacts/naming";
import { Tile } from "./Tile";
import classes from "./Wallboard.module.css";

export function HelpRequests() {
  const t = useWords("wallboard");
  const nameOf = useContactName();
  const contacts = useKnown((known) => known.contacts);
  const asking = useMemo(() => helpRequests(contacts), [contacts]);
  return (
    <Tile area="help" title={t("help")} alarmed={asking.length > 0} aside={<b className={classes["count"]}>{asking.length}</b>}>
      {asking.length === 0 ? <p className={classes["calm"]}>{t("no_help")}</p> : null}
      <ul className={classes["rows"]}>
        {asking.map((contact) => (
          <li key={contact.id}>
            <Link href={`/contacts/${contact.id}`} data-testid="wallboard-help">
              <LevelChip level={contact.level} act={contact.act_in_progress} />
              <span className={classes["main"]}>
                <b>{t("help_asks", { name: contact.counselor?.name ?? "–" })}</b>
                <span>{nameOf(contact)}</span>
              </span>
              <span className={classes["clock"]}>
                <Timer since={contact.help_requested_at!} lateAfter={60} />
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </Tile>
  );
}
