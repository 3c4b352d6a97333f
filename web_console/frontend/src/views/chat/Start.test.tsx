import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { ChatMessage } from "../../data/chat";
import { startAgain, useChat } from "../../data/chatLine";
import { show } from "../../testingRender";
import { Start } from "./Start";

const sent: unknown[] = [];

beforeEach(() => {
  sent.length = 0;
  vi.stubGlobal("fetch", async (_path: string, init: RequestInit) => {
    sent.push(JSON.parse(init.body as string));
    return new Response(JSON.stringify({ contact_id: "con_2", token: "con_2.y" }), { status: 201, headers: { "Content-Type": "application/json" } });
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
  useChat.setState({ token: null, earlier: null, messages: [] });
});

function endedWith(from: ChatMessage["from"]): void {
  useChat.setState({ token: "con_1.x", messages: [{ seq: 1, from } as ChatMessage] });
  startAgain();
}

it("asks who was just served whether they want the same counselor, and sends it only if they say so", async () => {
  endedWith("counselor");
  show(<Start info={null} />);
  await userEvent.click(screen.getByTestId("chat-same-counselor"));
  await userEvent.click(screen.getByTestId("chat-open"));
  await waitFor(() => expect(sent).toEqual([{ language: "en", same_counselor_as: "con_1.x" }]));
});

it("sends nothing of the earlier chat unasked, and keeps it nowhere on the device", async () => {
  endedWith("counselor");
  expect(localStorage.getItem("chat.token")).toBeNull();
  show(<Start info={null} />);
  await userEvent.click(screen.getByTestId("chat-open"));
  await waitFor(() => expect(sent).toEqual([{ language: "en" }]));
});

it("asks nobody whom no counselor served", () => {
  endedWith("automatic" as ChatMessage["from"]);
  show(<Start info={null} />);
  expect(screen.queryByTestId("chat-same-counselor")).toBeNull();
});
