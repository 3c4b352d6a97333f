import type { Names } from "../../data/journal";
import type { Key } from "../../words/areas";
import { usePick, useWords } from "../../words/words";

/** An id: three letters, an underscore, the rest. Shown by its name, or by its last signs, which tell one from another. */
const ID = /^[a-z]{3}_[a-z0-9_]{3,40}$/;

const ACTORS: Readonly<Record<string, Key<"events">>> = { operator: "actor_operator", person: "actor_person", carrier: "actor_carrier" };

/** The journal's codes and ids in the reader's words; what has none stays a code, which is better than nothing. */
export function useEventWords(names: Names) {
  const events = useWords("events");
  const journal = useWords("journal");
  const ui = useWords("ui");
  const pick = usePick();
  const word = (key: string, code: string): string => {
    const found = events(key as Key<"events">);
    return found === key ? code.replaceAll("_", " ") : found;
  };
  const id = (value: string): string => {
    const name = names[value];
    return name ? pick(name) : `…${value.slice(-6)}`;
  };
  const one = (value: string): string => {
    if (value === "true" || value === "false") return events(value === "true" ? "yes" : "no");
    if (ID.test(value)) return id(value);
    for (const kind of ["level", "channel"] as const) {
      const key = `${kind}_${value}`;
      const found = ui(key as Key<"ui">);
      if (found !== key) return found;
    }
    const key = `value_${value}`;
    const found = events(key as Key<"events">);
    return found === key ? value : found;
  };
  return {
    actor: (code: string): string => (code === "machine" ? journal("actor_machine") : ACTORS[code] ? events(ACTORS[code]) : code),
    happening: (kind: string): string => {
      const [noun = "", what = ""] = kind.split(".");
      return `${word(`noun_${noun}`, noun)} · ${word(`what_${what}`, what)}`;
    },
    id,
    fact: (name: string): string => {
      const last = name.split(".").at(-1) ?? name;
      return word(`fact_${last}`, last);
    },
    value: (value: string): string => value.split(", ").map(one).join(", "),
  };
}
