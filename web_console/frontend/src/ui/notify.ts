/** A desktop notification, without content, where the page is hidden and they are allowed. `tag`: it takes the place of the
 * one before it. */
export function notify(text: string, tag = text): void {
  if (!document.hidden || typeof Notification === "undefined" || Notification.permission !== "granted") return;
  try {
    const notification = new Notification(text, { tag });
    notification.onclick = () => window.focus();
  } catch {
    // Browsers on Android have the word but no such notification: the sound has to do, and the console goes on.
  }
}
