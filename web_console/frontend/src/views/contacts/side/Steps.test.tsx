import { screen, waitFor } from "@testing-library/react";
import { afterEach, expect, it, vi } from "vitest";
import type { Contact } from "../../../data/contacts";
import { show } from "../../../testingRender";
import { Steps } from "./Steps";

afterEach(() => vi.unstubAllGlobals());

function asked(filled: object[]): void {
  vi.stubGlobal("fetch", () => Promise.resolve(new Response(JSON.stringify({ items: filled }), { status: 200, headers: { "Content-Type": "application/json" } })));
  const contact = { id: `con_${filled.length}`, channel: "call", state: "active", level: "high", instrument_floor: "high", help_requested_at: null, joined: [] } as unknown as Contact;
  show(<Steps contact={contact} openTab={() => undefined} openDialog={() => undefined} />);
}

it("asks about suicide still when only a key has said danger", async () => {
  asked([]);
  expect(screen.getByText("Ask about suicide directly; fill a screener").closest("li")?.dataset["done"]).toBeUndefined();
});

it("is done with asking once an instrument was filled", async () => {
  asked([{ instrument_id: "asq" }]);
  await waitFor(() => expect(screen.getByText("Ask about suicide directly; fill a screener").closest("li")?.dataset["done"]).toBe("true"));
});
