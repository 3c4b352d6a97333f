import { expect, it } from "vitest";
import { handOver, receivers } from "./handOver";
import type { Presence } from "./presences";

const free = { id: "stf_1", connected: true, roles: ["counselor"], calls: 0, call_capacity: 1, chats: 0, chat_capacity: 2, calls_withheld: null, chats_withheld: null };
const who = (fields: Partial<Presence>): Presence => ({ ...free, ...fields }) as unknown as Presence;

it("knows whom the server would refuse, and whom a supervisor may ask all the same", () => {
  expect(handOver(who({}), "call")).toBe("free");
  expect(handOver(who({ chats_withheld: "imminent" }), "chat")).toBe("for_a_reason");
  expect(handOver(who({ calls_withheld: "away" }), "call")).toBe("for_a_reason");
  expect(handOver(who({ calls_withheld: "away", calls: 1 }), "call")).toBe("not");
  expect(handOver(who({ connected: false }), "chat")).toBe("not");
  expect(handOver(who({ calls_withheld: "has_chats" }), "call")).toBe("not");
  expect(handOver(who({ roles: ["dispatcher"] }), "chat")).toBe("not");
});

it("shows who needs a reason to those alone who may give one", () => {
  const all = [who({}), who({ id: "stf_2", chats_withheld: "away" })];
  expect(receivers(all, "chat", false).map((one) => one.id)).toEqual(["stf_1"]);
  expect(receivers(all, "chat", true).map((one) => one.id)).toEqual(["stf_1", "stf_2"]);
});
