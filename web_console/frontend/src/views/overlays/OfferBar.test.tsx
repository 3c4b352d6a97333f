import { act, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Contact } from "../../data/contacts";
import type { Known } from "../../data/frames";
import type { Offer } from "../../data/offers";
import { useSession } from "../../data/session";
import { store } from "../../data/store";
import { show } from "../../testingRender";
import { noteServerTime } from "../../wire/serverClock";
import { OfferBar } from "./OfferBar";

const offer = {
  id: "off_1",
  contact_id: "con_1",
  staff_id: "stf_me",
  state: "open",
  made_at: new Date().toISOString(),
  expires_at: new Date(Date.now() + 20_000).toISOString(),
  waiting_since: new Date().toISOString(),
  channel: "call",
  level: "imminent",
  why_zh: null,
  why_en: null,
  note: null,
  suits: [],
} as unknown as Offer;

function known(offers: Offer[], alsoOffered: number, reasons: string[] = []): void {
  const contact = { id: "con_1", also_offered: alsoOffered, reasons: reasons.map((cue) => ({ cue })) } as unknown as Contact;
  act(() => store.setState({ offers: Object.fromEntries(offers.map((each) => [each.id, each])), contacts: { con_1: contact } } as unknown as Known));
}

beforeEach(() => {
  vi.stubGlobal("fetch", () => Promise.resolve(new Response(JSON.stringify({ items: [], next: null, count: 0, flags: [] }), { status: 200, headers: { "Content-Type": "application/json" } })));
  useSession.setState({ user: { id: "stf_me", permissions: [] } } as never);
});
afterEach(() => vi.unstubAllGlobals());

it("says at how many colleagues it rings beside, as that changes", () => {
  known([offer], 2);
  show(<OfferBar />);
  expect(screen.getByTestId("offer-beside").textContent).toBe("also ringing at 2 more");
  known([offer], 0);
  expect(screen.queryByTestId("offer-beside")).toBeNull();
});

it("is there to be accepted though this computer's clock is a minute fast", () => {
  const fast = Date.now() + 60_000;
  vi.useFakeTimers({ now: fast });
  try {
    noteServerTime(new Date(fast - 60_000).toUTCString(), fast);
    known([offer], 0);
    show(<OfferBar />);
    expect(screen.getByTestId("offer-accept")).toBeTruthy();
  } finally {
    noteServerTime(new Date(fast).toUTCString(), fast);
    vi.useRealTimers();
  }
});

it("vanishes when a colleague answers, and says so without a name", () => {
  known([offer], 1);
  show(<OfferBar />, "zh");
  expect(screen.getByTestId("offer-beside").textContent).toBe("另有 1 位同事也在响铃");
  known([{ ...offer, state: "taken" }], 0);
  expect(screen.queryByTestId("offer")).toBeNull();
  expect(screen.getByTestId("offer-taken").textContent).toBe("已有同事接了，不算您漏接。");
});

it("says to who let it ring beside colleagues that the next one counts", () => {
  known([offer], 1);
  act(() => store.setState({ presences: { stf_me: { id: "stf_me", state: "available" } } } as unknown as Known));
  show(<OfferBar />);
  known([{ ...offer, state: "missed" }], 0);
  expect(screen.getByTestId("offer-missed").textContent).toContain("You stay available");
  act(() => store.setState({ presences: { stf_me: { id: "stf_me", state: "not_ready" } } } as unknown as Known));
  expect(screen.queryByTestId("offer-missed")).toBeNull();
});

it("goes to the contact when it was accepted at one's own telephone, and not when at another console", () => {
  window.history.replaceState(null, "", "/followups");
  known([offer], 0);
  show(<OfferBar />);
  known([{ ...offer, state: "accepted", by_telephone: false }], 0);
  expect(window.location.pathname).toBe("/followups");
  known([offer], 0);
  known([{ ...offer, state: "accepted", by_telephone: true }], 0);
  expect(window.location.pathname).toBe("/contacts/con_1");
});

it("says nothing when the caller has hung up", () => {
  known([offer], 1);
  show(<OfferBar />);
  known([{ ...offer, state: "withdrawn" }], 0);
  expect(screen.queryByTestId("offer")).toBeNull();
  expect(screen.queryByTestId("offer-taken")).toBeNull();
});

it("tells what a rule found, and of the text model only its name", () => {
  const why = { why_en: "wants to die; means at hand", why_zh: "想死；工具在手边" };
  known([{ ...offer, ...why }], 0, ["wish_to_die"]);
  show(<OfferBar />);
  expect(screen.getByTestId("offer").textContent).toContain("wants to die; means at hand");
  known([{ ...offer, why_en: "Model: worded like low messages (adds +1.3)", why_zh: "模型" }], 0, ["model"]);
  expect(screen.getByTestId("offer").textContent).toContain("text model");
  expect(screen.getByTestId("offer").textContent).not.toContain("+1.3");
});
