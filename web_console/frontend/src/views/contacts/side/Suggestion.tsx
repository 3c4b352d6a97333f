import { Button, Group } from "@mantine/core";
import type { Contact } from "../../../data/contacts";
import { useWords } from "../../../words/words";
import { focusMessage } from "../focusedMessage";
import classes from "./side.module.css";

/** After a person set the level, the machine no longer moves it: what is imminent and new is put before a person again. */
export function Suggestion({ contact, onRaise }: { contact: Contact; onRaise: () => void }) {
  const t = useWords("triage");
  const seq = contact.imminent_anew;
  if (!seq || contact.state === "closed") return null;
  return (
    <section className={classes["alert"]} role="alert" data-testid="suggestion" data-seq={seq}>
      <p>
        <b>{t("suggestion")}</b>
      </p>
      <p>{t("suggestion_body")}</p>
      <Group gap="xs">
        <Button size="compact-sm" variant="default" onClick={() => focusMessage(contact.id, seq)} data-testid="suggestion-look">
          {t("suggestion_look")}
        </Button>
        <Button size="compact-sm" color="var(--imminent)" onClick={onRaise} data-testid="suggestion-raise">
          {t("suggestion_raise")}
        </Button>
      </Group>
    </section>
  );
}
