import { create } from "zustand";
import { newId } from "../wire/ids";
import { Outbox } from "../wire/outbox";
import { type Frame, Line, type LineState } from "../wire/socket";
import { resumeSession, useSession } from "./session";
import { cursor, forget, receive } from "./store";

/** The staff's socket, and the messages that have not been acknowledged on it. */
export const useLine = create<{ state: LineState }>(() => ({ state: "closed" }));

type Listener = (frame: Frame) => void;
const listeners = new Set<Listener>();

/** Frames as they come, unbuffered: for sounds and announcements. What is shown comes from the store. */
export function onFrame(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

const line = new Line({
  path: "/ws/console",
  hello: () => ({ type: "hello", after: cursor() }),
  onFrame: hear,
  onState: (state) => {
    useLine.setState({ state });
    if (state !== "live") outbox.lineLost();
    // A socket that is refused for want of a session looks like a lost line: ask which it is.
    if (state === "waiting") void resumeSession();
  },
  onRefused: () => useSession.setState({ expired: true }),
});

export const outbox = new Outbox(
  sessionStorage,
  "hotline.unsent",
  (item) => line.send({ type: "message.send", contact_id: item.contact_id, client_id: item.client_id, text: item.text }),
  () => useSession.getState().user?.id,
);

function hear(frame: Frame): void {
  if (frame.type === "message.ack") outbox.acknowledged(frame["client_id"] as string);
  if (frame.type === "error") outbox.refused(frame["re"] as string, frame["code"] as string);
  receive(frame);
  if (frame.type === "welcome") outbox.resend();
  for (const listener of listeners) listener(frame);
}

export const startLine = (): void => line.start();

export function stopLine(): void {
  line.stop();
  forget();
}

export function say(contactId: string, text: string): void {
  outbox.add({ client_id: newId(), contact_id: contactId, text, written_at: new Date().toISOString() });
}

export const sendTyping = (contactId: string): boolean => line.send({ type: "typing", contact_id: contactId });

export const sendRead = (contactId: string, upToSeq: number): boolean =>
  line.send({ type: "read", contact_id: contactId, up_to_seq: upToSeq });
