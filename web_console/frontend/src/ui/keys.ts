/** Whether this Enter means "send": not with Shift, and not the one that takes a candidate of an input method. Safari ends
 * the composition before the key event, which then still carries key code 229. */
export function enterSends(event: Pick<KeyboardEvent, "key" | "shiftKey" | "altKey" | "ctrlKey" | "metaKey" | "isComposing" | "keyCode">): boolean {
  if (event.key !== "Enter" || event.isComposing || event.keyCode === 229) return false;
  return !event.shiftKey && !event.altKey && !event.ctrlKey && !event.metaKey;
}
