import { useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, useMemo, useState } from "react";
import { type Coded, fetchCanned } from "../../data/contactCommands";
import type { Contact } from "../../data/contacts";
import { useWords } from "../../words/words";
import classes from "./Conversation.module.css";

/** `/` at the beginning of the field opens the service's own sentences, in the language of the person; what follows filters. */
export function useCanned(contact: Contact, text: string, setText: (text: string) => void) {
  const open = text.startsWith("/") && !text.includes("\n");
  const { data } = useQuery({ queryKey: ["canned"], queryFn: fetchCanned, enabled: open, staleTime: 600_000 });
  const [at, setAt] = useState(0);
  const language = contact.language;
  const query = text.slice(1).trim().toLowerCase();
  const found = useMemo(
    () => (data?.items ?? []).filter((one) => [one.code, one.zh, one.en].some((words) => words.toLowerCase().includes(query))),
    [data, query],
  );
  const chosen = Math.min(at, Math.max(0, found.length - 1));
  const take = (one: Coded) => {
    setText(one[language]);
    setAt(0);
  };
  /** True when the key was meant for the list. */
  const press = (event: KeyboardEvent): boolean => {
    if (!open || event.nativeEvent.isComposing) return false;
    if (event.key === "ArrowDown") setAt((chosen + 1) % Math.max(1, found.length));
    else if (event.key === "ArrowUp") setAt((chosen - 1 + found.length) % Math.max(1, found.length));
    else if (event.key === "Enter" && found[chosen]) take(found[chosen]);
    else if (event.key === "Escape") setText("");
    else return event.key === "Enter";
    return true;
  };
  return { open, found, chosen, take, press, language };
}

export function CannedList({ canned }: { canned: ReturnType<typeof useCanned> }) {
  const t = useWords("desk");
  return (
    <ul className={classes["canned"]} role="listbox" id="canned-words" aria-label={t("canned")} data-testid="canned">
      {canned.found.length === 0 ? <li role="option" aria-selected={false} aria-disabled="true">{t("canned_none")}</li> : null}
      {canned.found.map((one, index) => (
        <li key={one.code} id={`canned-${index}`} role="option" aria-selected={index === canned.chosen} onMouseDown={(event) => (event.preventDefault(), canned.take(one))}>
          {one[canned.language]} <small>/{one.code}</small>
        </li>
      ))}
    </ul>
  );
}
