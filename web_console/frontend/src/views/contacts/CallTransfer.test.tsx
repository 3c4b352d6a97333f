import { fireEvent, screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Contact } from "../../data/contacts";
import { useSession } from "../../data/session";
import { findings, show } from "../../testingRender";
import { CallAddParty } from "./CallAddParty";
import { CallTransfer } from "./CallTransfer";
import { PassedOn } from "./PassedOn";

const CONTACT = { id: "ct_1", channel: "call", counselor: { id: "me", name: "Lin" } } as unknown as Contact;
const here = { connected: true, state: "available", calls: 0, call_capacity: 1, calls_withheld: null, roles: ["counselor"] };
const ANSWERS: Record<string, unknown> = {
  "/api/presence": {
    items: [
      { ...here, id: "me", name: "Lin" },
      { ...here, id: "free", name: "Chen" },
      { ...here, id: "busy", name: "Wang", calls: 1 },
      { ...here, id: "gone", name: "Zhao", connected: false },
      { ...here, id: "alone", name: "Xu", calls_withheld: "imminent" },
      { ...here, id: "dispatcher", name: "Sun", roles: ["dispatcher"] },
    ],
  },
  "/api/skills": { items: [{ code: "youth", zh: "青少年", en: "Young people", topics: [], age_bands: [] }], next: null, level_wanted: 3, partner_number: "+861012345" },
  "/api/public": { numbers: [{ number: "110", label_zh: "报警", label_en: "Police" }] },
};
const sent: { path: string; body: unknown }[] = [];

beforeEach(() => {
  sent.length = 0;
  useSession.setState({ user: { id: "me", name: "Lin", roles: ["counselor"], permissions: ["contact.serve"] } as never });
  vi.stubGlobal("fetch", async (path: string, init: RequestInit) => {
    if (init.method !== "GET") sent.push({ path, body: JSON.parse(init.body as string) });
    return new Response(JSON.stringify(ANSWERS[path] ?? CONTACT), { headers: { "Content-Type": "application/json" } });
  });
});
afterEach(() => vi.unstubAllGlobals());

const go = () => userEvent.click(screen.getByTestId("dialog-yes"));
const done = (body: unknown) => waitFor(() => expect(sent).toEqual([{ path: "/api/contacts/ct_1/call/transfer", body }]));

describe("a transfer", () => {
  it("asks a free colleague first", async () => {
    show(<CallTransfer contact={CONTACT} opened onClose={() => undefined} />);
    const offered = await screen.findAllByTestId("transfer-colleague");
    expect(offered.map((one) => (one as HTMLInputElement).value)).toEqual(["free"]);
    expect(screen.getByTestId("dialog-yes")).toHaveProperty("disabled", true);
    await userEvent.click(offered[0]!);
    await go();
    await done({ mode: "warm", to: { staff_id: "free" } });
  });

  it("shows a supervisor who serves somebody in danger too, and asks for a reason", async () => {
    useSession.setState({ user: { id: "me", name: "Lin", roles: ["supervisor"], permissions: ["contact.serve", "contact.supervise"] } as never });
    show(<CallTransfer contact={CONTACT} opened onClose={() => undefined} />);
    await userEvent.click(await screen.findByLabelText("Xu, serves an imminent contact"));
    expect(screen.getByTestId("dialog-yes")).toHaveProperty("disabled", true);
    await userEvent.type(screen.getByTestId("transfer-override"), "agreed by voice");
    await go();
    await done({ mode: "warm", to: { staff_id: "alone" }, override: "agreed by voice" });
  });

  it("to a skill goes at once, to the queue", async () => {
    show(<CallTransfer contact={CONTACT} opened onClose={() => undefined} />);
    await userEvent.click(screen.getByText("Skill"));
    expect(screen.queryByTestId("transfer-warm")).toBeNull();
    await screen.findByText("Young people");
    fireEvent.change(screen.getByTestId("transfer-skill"), { target: { value: "youth" } });
    await go();
    await done({ mode: "cold", to: { skill: "youth" } });
  });

  it("to the partner line takes its number", async () => {
    show(<CallTransfer contact={CONTACT} opened onClose={() => undefined} />);
    await userEvent.click(screen.getByText("Outside number"));
    await userEvent.click(await screen.findByTestId("partner-number"));
    await userEvent.click(screen.getByTestId("transfer-cold"));
    await go();
    await done({ mode: "cold", to: { number: "+861012345", kind: "partner" } });
  });

  it("carries a note", async () => {
    show(<CallTransfer contact={CONTACT} opened onClose={() => undefined} />);
    await userEvent.click((await screen.findAllByTestId("transfer-colleague"))[0]!);
    await userEvent.click(screen.getByTestId("transfer-cold"));
    await userEvent.type(screen.getByTestId("transfer-note"), " Her sister knows ");
    await go();
    await done({ mode: "cold", to: { staff_id: "free" }, note: "Her sister knows" });
  });

  it("has nothing that axe finds", async () => {
    show(<CallTransfer contact={CONTACT} opened onClose={() => undefined} />, "zh");
    await screen.findAllByTestId("transfer-colleague");
    expect(await findings(screen.getByTestId("call-transfer-dialog"))).toEqual([]);
  });
});

it("a desk's number stands ready, and is called only by a hand", async () => {
  show(<CallAddParty contact={CONTACT} opened onClose={() => undefined} />);
  await userEvent.click(screen.getByTestId("outside-emergency_desk"));
  await userEvent.click(await screen.findByText("Police 110"));
  expect(sent).toEqual([]);
  await go();
  await waitFor(() => expect(sent).toEqual([{ path: "/api/contacts/ct_1/call/parties", body: { kind: "emergency_desk", number: "110" } }]));
});

describe("a contact that was passed on", () => {
  const passed = { by: { id: "free", name: "Chen" }, to: { id: "me", name: "Lin" }, note: "Her sister knows", at: "2026-01-01T00:00:00Z", came_back: false };
  const of = (passed_on: unknown) => ({ ...CONTACT, state: "active", passed_on }) as unknown as Contact;

  it("shows who it is from, and the note", () => {
    show(<PassedOn contact={of(passed)} />);
    expect(screen.getByTestId("passed-on").textContent).toBe("Passed on by ChenHer sister knows");
  });

  it("tells who passed it on that it came back", () => {
    show(<PassedOn contact={of({ ...passed, by: { id: "me", name: "Lin" }, to: { id: "free", name: "Chen" }, came_back: true })} />);
    expect(screen.getByTestId("passed-on").textContent).toContain("Chen did not pick up");
  });
});
