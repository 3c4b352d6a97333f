import { useEffect } from "react";
import { forgetChat, leaveChat } from "../../data/chatLine";

/** Where to go when the server did not say. */
const NEUTRAL = "https://www.baidu.com/";
/** Two presses of Esc within this time mean it. */
const TWICE_MS = 1_000;

/** Away from this page at once: told to the counselor as far as the line still carries it, cleared here, and the page is not
 * left in the history. The screen goes blank first, since the neutral page may take a moment to load. */
export function leaveQuickly(neutralUrl: string | undefined): void {
  document.documentElement.style.display = "none";
  leaveChat(true);
  forgetChat();
  location.replace(neutralUrl ?? NEUTRAL);
}

export function useEscapeTwice(leave: () => void): void {
  useEffect(() => {
    let before = -Infinity;
    const press = (event: KeyboardEvent) => {
      // In an input method Esc puts a half-written word away.
      if (event.key !== "Escape" || event.isComposing || event.repeat) return;
      if (event.timeStamp - before < TWICE_MS) leave();
      before = event.timeStamp;
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, [leave]);
}
