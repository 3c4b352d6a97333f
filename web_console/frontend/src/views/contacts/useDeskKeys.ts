import { useEffect } from "react";
import { useLocation } from "wouter";
import { mine } from "../../data/contacts";
import { useUser } from "../../data/session";
import { store } from "../../data/store";

/** Alt-1 … Alt-9: my contacts, in the order of the list. By key position, since Alt changes the character on some layouts. */
export function useDeskKeys(): void {
  const user = useUser();
  const [, go] = useLocation();
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (!event.altKey || event.ctrlKey || event.metaKey) return;
      const digit = /^Digit([1-9])$/.exec(event.code)?.[1];
      if (digit) {
        const contact = mine(store.getState().contacts, user.id)[Number(digit) - 1];
        if (contact) {
          event.preventDefault();
          go(`/contacts/${contact.id}`);
        }
      } else if (event.code === "KeyM") {
        event.preventDefault();
        document.querySelector<HTMLTextAreaElement>("[data-testid=composer]")?.focus();
      }
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, [user.id, go]);
}
