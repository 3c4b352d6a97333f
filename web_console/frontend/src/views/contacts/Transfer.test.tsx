import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Contact } from "../../data/contacts";
import { useSession } from "../../data/session";
import { show } from "../../testingRender";
import { Transfer } from "./Transfer";

const contact = { id: "con_1", channel: "chat", counselor: { id: "me", name: "Lin" }, skills: [] } as unknown as Contact;
const here = { connected: true, state: "available", calls: 0, call_capacity: 1, chats: 0, chat_capacity: 2, chats_withheld: null, calls_withheld: null, roles: ["counselor"] };
const presences = [{ ...here, id: "me", name: "Lin" }, { ...here, id: "half", name: "Chen", chats: 1 }, { ...here, id: "free", name: "Wang" }, { ...here, id: "gone", name: "Zhao", connected: false }];
const sent: unknown[] = [];

beforeEach(() => {
  sent.length = 0;
  useSession.setState({ user: { id: "me", name: "Lin", roles: ["counselor"], permissions: ["contact.serve"] } as never });
  vi.stubGlobal("fetch", async (path: string, init: RequestInit) => {
    if (init.method !== "GET") sent.push(JSON.parse(init.body as string));
    return new Response(JSON.stringify(path === "/api/presence" ? { items: presences } : { ...contact, items: [] }), { headers: { "Content-Type": "application/json" } });
  });
});
afterEach(() => vi.unstubAllGlobals());

it("shows a counselor the colleagues who may take it, whose presence no line tells them", async () => {
  show(<Transfer contact={contact} opened onClose={() => undefined} />);
  const offered = await screen.findAllByTestId("transfer-colleague");
  expect(offered.map((one) => (one as HTMLInputElement).value)).toEqual(["free", "half"]);
  await userEvent.click(offered[0]!);
  await userEvent.type(screen.getByTestId("transfer-reason"), "two months after birth");
  await userEvent.click(screen.getByTestId("transfer-do"));
  await waitFor(() => expect(sent).toEqual([expect.objectContaining({ to_staff_id: "free" })]));
});
