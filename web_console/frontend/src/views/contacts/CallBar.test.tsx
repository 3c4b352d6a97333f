import { fireEvent, screen } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Call, Party } from "../../data/calls";
import type { Contact } from "../../data/contacts";
import { NO_PHONE, type Phone, usePhone } from "../../data/phone";
import { useSession } from "../../data/session";
import { findings, show } from "../../testingRender";
import { CallBar } from "./CallBar";

const CALL: Call = { state: "bridged", transcript: "live", on_hold: false, hold_why: null, hung_up_by: null, parties: [], transfer: null, supervision: [], unanswered: null, back_until: null };
const PARTY: Party = { id: "leg_2", kind: "interpreter", staff_id: null, staff: null, number_masked: "139****1111", state: "bridged", on_hold: false, failure: null };
const OWN: Phone = { kind: "simulated", identity: null, token: null, expires_at: null, number_masked: null, line: true, browser: false };

const contact = (call: Partial<Call>, change: object = {}): Contact =>
  ({ id: "ct_1", channel: "call", state: "active", number_masked: "139****1234", answered_at: new Date().toISOString(), counselor: { id: "me", name: "Lin" }, joined: [], call: { ...CALL, ...call }, ...change }) as unknown as Contact;

const user = (permissions: string[]) => useSession.setState({ user: { id: "me", name: "Lin", roles: ["counselor"], permissions } as never });
const asked: { path: string; body: unknown }[] = [];

beforeEach(() => {
  asked.length = 0;
  usePhone.setState({ ...NO_PHONE, own: OWN }, true);
  user(["contact.serve"]);
  vi.stubGlobal("fetch", async (path: string, init: RequestInit) => {
    asked.push({ path: `${init.method} ${path}`, body: init.body ? JSON.parse(init.body as string) : null });
    return new Response(JSON.stringify(contact({})), { status: 200, headers: { "Content-Type": "application/json" } });
  });
});
afterEach(() => vi.unstubAllGlobals());

const press = (testId: string) => fireEvent.click(screen.getByTestId(testId));
const settled = () => vi.waitFor(() => expect(asked.length).toBeGreaterThan(0));

describe("the call bar", () => {
  it("holds the caller, says so, and takes them back", async () => {
    const { rerender } = show(<CallBar contact={contact({})} />);
    expect(screen.getByTestId("call-standing").textContent).toBe("On the line");
    press("call-hold");
    await settled();
    expect(asked[0]).toEqual({ path: "POST /api/contacts/ct_1/call/hold", body: { on: true } });
    rerender(<></>);
    show(<CallBar contact={contact({ on_hold: true, hold_why: "hold" })} />);
    expect(screen.getByTestId("call-standing").textContent).toContain("music");
    expect(screen.getByTestId("call-hold").getAttribute("aria-pressed")).toBe("true");
  });

  it("holds by Alt-H", async () => {
    show(<CallBar contact={contact({})} />);
    fireEvent.keyDown(window, { code: "KeyH", altKey: true });
    await settled();
    expect(asked[0]?.body).toEqual({ on: true });
  });

  it("says that the phone is simulated, and offers no mute that would do nothing", () => {
    show(<CallBar contact={contact({})} />);
    expect(screen.getByTestId("call-simulated")).toBeTruthy();
    expect(screen.queryByTestId("call-mute")).toBeNull();
    expect(screen.queryByTestId("call-keypad")).toBeNull();
  });

  it("mutes and has keys where the browser is the phone", () => {
    usePhone.setState({ own: { ...OWN, kind: "browser" }, registration: "ready", talk: "open", muted: true });
    show(<CallBar contact={contact({})} />);
    expect(screen.getByTestId("call-mute").getAttribute("aria-pressed")).toBe("true");
    expect(screen.getByTestId("call-phone-notice").textContent).toContain("muted");
    expect(screen.getByTestId("call-keypad")).toBeTruthy();
  });

  it("names everybody in the room, and holds one of them", async () => {
    const supervision = [{ staff_id: "sup", staff: { id: "sup", name: "Zhou" }, mode: "whisper", state: "bridged" }] as Call["supervision"];
    show(<CallBar contact={contact({ parties: [PARTY, { ...PARTY, id: "leg_3", kind: "counselor", staff_id: "me" }], supervision })} />);
    const room = screen.getByTestId("call-people").textContent;
    expect(room).toContain("Caller");
    expect(room).toContain("Interpreter 139****1111");
    expect(room).toContain("Zhou is whispering to you");
    expect(screen.getAllByTestId("call-party")).toHaveLength(1);
    press("party-hold");
    await settled();
    expect(asked[0]).toEqual({ path: "POST /api/contacts/ct_1/call/parties/leg_2/hold", body: { on: true } });
  });

  it("leads through a warm transfer to its end or back", async () => {
    const transfer = { mode: "warm", to_kind: "staff", party_id: "leg_2", state: "consulting" } as const;
    const consulted: Party = { ...PARTY, kind: "consulted", staff_id: "other", staff: { id: "other", name: "Chen" }, number_masked: null };
    show(<CallBar contact={contact({ on_hold: true, hold_why: "consult", transfer, parties: [consulted] })} />);
    expect(screen.getByTestId("call-transfer-notice").textContent).toContain("You talk alone with: Chen");
    expect(screen.getByTestId("call-hold")).toHaveProperty("disabled", true);
    expect(screen.getByTestId("call-hold").textContent).toBe("Hold");
    expect(screen.getByTestId("call-transfer")).toHaveProperty("disabled", true);
    press("transfer-complete");
    await settled();
    expect(asked[0]?.path).toBe("POST /api/contacts/ct_1/call/transfer/complete");
  });

  it("cannot complete a transfer that still rings, and can dismiss a failed one", () => {
    const transfer = { mode: "warm", to_kind: "partner", party_id: "leg_9", state: "ringing" } as const;
    const { unmount } = show(<CallBar contact={contact({ transfer })} />);
    expect(screen.queryByTestId("transfer-complete")).toBeNull();
    unmount();
    show(<CallBar contact={contact({ transfer: { ...transfer, state: "failed" } })} />);
    expect(screen.getByTestId("call-transfer-notice").textContent).toContain("The caller is still with you");
  });

  it("says why an outside call came to nothing", () => {
    const transfer = { mode: "cold", to_kind: "partner", party_id: "leg_9", state: "failed" } as const;
    const unanswered: Party = { ...PARTY, id: "leg_9", kind: "partner", state: "ended", failure: "no_key" };
    show(<CallBar contact={contact({ transfer, unanswered })} />);
    expect(screen.getByTestId("call-unanswered").textContent).toContain("no key was pressed");
    expect(screen.getByTestId("call-transfer-notice").textContent).toContain("no key was pressed");
    expect(screen.getByTestId("call-transfer")).toHaveProperty("disabled", false);
  });

  it("says to a supervisor what the counselor is told in other words", () => {
    user(["contact.serve", "contact.supervise"]);
    const supervision = [{ staff_id: "me", staff: { id: "me", name: "Lin" }, mode: "monitor", state: "bridged" }] as Call["supervision"];
    show(<CallBar contact={contact({ on_hold: true, hold_why: "consult", supervision, back_until: new Date().toISOString() }, { counselor: { id: "other", name: "Chen" } })} />);
    expect(screen.getByTestId("call-standing").textContent).toContain("the counselor consults");
    expect(screen.getByTestId("call-people").textContent).toContain("You are listening");
    expect(screen.queryByTestId("call-way-back")).toBeNull();
  });

  it("lets a supervisor listen to somebody else's call, and nobody else", async () => {
    const other = contact({}, { counselor: { id: "other", name: "Chen" } });
    const { unmount } = show(<CallBar contact={other} />);
    expect(screen.queryByTestId("call-supervision")).toBeNull();
    unmount();
    user(["contact.serve", "contact.supervise"]);
    show(<CallBar contact={other} />);
    expect(screen.queryByTestId("hang-up")).toBeNull();
    press("supervise-monitor");
    await settled();
    expect(asked[0]).toEqual({ path: "POST /api/contacts/ct_1/call/supervision", body: { mode: "monitor" } });
  });

  it.each(["zh", "en"] as const)("has nothing that axe finds in %s", async (language) => {
    const transfer = { mode: "warm", to_kind: "staff", party_id: "leg_2", state: "consulting" } as const;
    const { container } = show(<CallBar contact={contact({ on_hold: true, hold_why: "consult", transfer, parties: [PARTY], back_until: new Date().toISOString() })} />, language);
    expect(await findings(container)).toEqual([]);
  });
});
