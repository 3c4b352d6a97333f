import { create } from "zustand";
import { http } from "../wire/http";
import { newId } from "../wire/ids";
import { Outbox } from "../wire/outbox";
import { serverNow } from "../wire/serverClock";
import { type Frame, Line, type LineState } from "../wire/socket";
import { type AgeBand, applyChat, type Chat, lastHeard, NO_CHAT, resumeAfter } from "./chat";

/** What is kept on the person's device: the token of their chat, and words that were not sent. */
const TOKEN = "chat.token";
const UNSENT = "chat.unsent";

interface ChatPage extends Chat {
  token: string | null;
  /** The token of the chat that just ended, if somebody served it: who starts again may wish for the same counselor. */
  earlier: string | null;
  line: LineState;
  /** The server does not know this chat any more. */
  gone: boolean;
}

export const useChat = create<ChatPage>(() => ({ ...NO_CHAT, token: storedToken(), earlier: null, line: "closed", gone: false }));

export interface Opening {
  language: "zh" | "en";
  nickname?: string;
  topic?: string;
  age_band?: AgeBand;
}

let line: Line | null = null;

export const unsent = new Outbox(localStorageOrMemory(), UNSENT, (item) =>
  (line?.send({ type: "message.send", client_id: item.client_id, text: item.text }) ?? false),
);

/** Begin a chat. `key` makes a repeated attempt (the answer was lost) find the same one. */
export async function openChat(opening: Opening, key: string): Promise<void> {
  const { token } = await http.post<{ contact_id: string; token: string }>("/api/chats", opening, { idempotencyKey: key });
  storeToken(token);
  useChat.setState({ ...NO_CHAT, token, earlier: null, gone: false });
  startChatLine();
}

export function startChatLine(): void {
  line?.stop();
  line = new Line({
    path: "/ws/chat",
    hello: () => ({ type: "hello", token: useChat.getState().token, after: resumeAfter(useChat.getState().messages) }),
    onFrame: hear,
    onState: (state) => {
      useChat.setState({ line: state });
      if (state !== "live") unsent.lineLost();
    },
    onRefused: () => useChat.setState({ gone: true }),
  });
  line.start();
}

export function stopChatLine(): void {
  line?.stop();
  line = null;
}

function hear(frame: Frame): void {
  if (frame.type === "message.ack") return acknowledged(frame);
  if (frame.type === "error") return unsent.refused(frame["re"] as string, frame["code"] as string);
  useChat.setState((chat) => applyChat(chat, frame, serverNow()));
  if (frame.type === "welcome") unsent.resend();
  if (useChat.getState().contact?.state === "closed") stopChatLine();
  reportRead();
}

/** The message is saved: it moves from the unsent ones into the conversation, with its place in it. */
function acknowledged(frame: Frame): void {
  const clientId = frame["client_id"] as string;
  const item = unsent.list().find((one) => one.client_id === clientId);
  unsent.acknowledged(clientId);
  if (!item) return;
  const message = { id: frame["message_id"], seq: frame["seq"], at: frame["at"], from: "you", text: item.text, client_id: clientId };
  useChat.setState((chat) => applyChat(chat, { type: "message", message }, serverNow()));
}

let reported = 0;

/** Tell the counselor how far the person has read; only while the page is in sight. */
export function reportRead(): void {
  const seq = lastHeard(useChat.getState().messages);
  if (document.visibilityState !== "visible" || seq <= reported) return;
  if (line?.send({ type: "read", up_to_seq: seq })) reported = seq;
}

export function write(text: string): void {
  unsent.add({ client_id: newId(), contact_id: "", text, written_at: new Date().toISOString() });
}

export const tellTyping = (): boolean => line?.send({ type: "typing" }) ?? false;

/** End the chat. Quick: the person had to get away from the screen. */
export function leaveChat(quick: boolean): void {
  line?.send({ type: "leave", ...(quick ? { quick } : {}) });
}

export const sendFeedback = (helped: number, comment: string): Promise<void> =>
  http.post("/api/chats/feedback", { answers: { helped, ...(comment ? { comment } : {}) } }, { token: useChat.getState().token ?? "" });

/** Nothing of this chat stays on the device. */
export function forgetChat(): void {
  stopChatLine();
  unsent.clear();
  storeToken(null);
  reported = 0;
  useChat.setState({ ...NO_CHAT, token: null, earlier: null, line: "closed", gone: false });
}

/** From the closed chat to a new one. What they may wish for is kept for as long as this page is open, and nowhere else. */
export function startAgain(): void {
  const { token, messages } = useChat.getState();
  const served = messages.some((message) => message.from === "counselor");
  forgetChat();
  if (served) useChat.setState({ earlier: token });
}

function storedToken(): string | null {
  try {
    return localStorage.getItem(TOKEN);
  } catch {
    return null;
  }
}

function storeToken(token: string | null): void {
  try {
    if (token) localStorage.setItem(TOKEN, token);
    else localStorage.removeItem(TOKEN);
  } catch {
    // Storage is forbidden: the chat lasts as long as the page.
  }
}

/** Some private windows forbid even naming `localStorage`. */
function localStorageOrMemory(): Storage {
  try {
    return localStorage;
  } catch {
    return { length: 0, clear: () => undefined, getItem: () => null, key: () => null, removeItem: () => undefined, setItem: () => undefined };
  }
}
