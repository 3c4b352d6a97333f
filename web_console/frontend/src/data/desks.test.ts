import { describe, expect, it } from "vitest";
import type { Contact } from "./contacts";
import { helpRequests, longWaits, peopleByState, runningContacts, waitingByLevel } from "./indicators";
import { factsOf, type JournalEntry } from "./journal";
import { callLink, mapLink } from "./places";
import type { Presence } from "./presences";
import { cleaned, gapsOf, toggled } from "./schoolForm";
import { askedInOrder, listedReports, type SchoolReport } from "./schoolReports";
import { listed, type Staff } from "./staff";

const byId = <T extends { id: string }>(...all: T[]) => Object.fromEntries(all.map((one) => [one.id, one]));
const contact = (fields: Partial<Contact>): Contact => ({ id: "c", state: "waiting", level: "low", opened_at: "2026-01-05T08:00:00Z", waiting_since: null, joined: [], help_requested_at: null, ...fields }) as Contact;

describe("the wallboard", () => {
  it("counts who waits by level with the longest wait, and shows every level", () => {
    const rows = waitingByLevel(
      byId(
        contact({ id: "1", level: "high", waiting_since: "2026-01-05T08:02:00Z" }),
        contact({ id: "2", level: "high", waiting_since: "2026-01-05T16:01:00+08:00" }),
        contact({ id: "3", level: "imminent", state: "active" }),
        contact({ id: "4", level: "unassessed" }),
      ),
    );
    expect(rows.map((row) => row.level)).toEqual(["imminent", "high", "moderate", "unassessed", "low", "none"]);
    expect(rows[0]).toMatchObject({ count: 0, longest: null });
    expect(rows[1]).toMatchObject({ count: 2, longest: "2026-01-05T16:01:00+08:00" });
    expect(rows[3]).toMatchObject({ count: 1, longest: "2026-01-05T08:00:00Z" });
  });

  it("calls somebody busy who holds a contact, and leaves out who takes none", () => {
    const presence = (id: string, fields: Partial<Presence>) => ({ id, name: id, roles: ["counselor"], state: "available", chats: 0, calls: 0, ...fields }) as Presence;
    const groups = peopleByState(byId(presence("a", {}), presence("b", { chats: 1 }), presence("c", { state: "offline", chats: 1 }), presence("d", { roles: ["dispatcher"] })));
    const of = (state: string) => groups.find((group) => group.state === state)?.people.map((one) => one.id);
    expect([of("available"), of("busy"), of("offline")]).toEqual([["a"], ["b"], ["c"]]);
  });

  it("asks for help until somebody joins", () => {
    const asking = helpRequests(
      byId(
        contact({ id: "late", state: "active", help_requested_at: "2026-01-05T08:05:00Z" }),
        contact({ id: "first", state: "active", help_requested_at: "2026-01-05T08:01:00Z" }),
        // Whose counselor is gone waits in the queue, and is told about there.
        contact({ id: "waits", help_requested_at: "2026-01-05T08:02:00Z" }),
        contact({ id: "helped", state: "active", help_requested_at: "2026-01-05T08:00:00Z", joined: [{ id: "s", name: "s" }] }),
      ),
    );
    expect(asking.map((one) => one.id)).toEqual(["first", "late"]);
  });

  it("lists what runs, the worst first", () => {
    const all = runningContacts(byId(contact({ id: "low" }), contact({ id: "worst", level: "imminent", state: "active" }), contact({ id: "over", state: "closed", level: "imminent" })));
    expect(all.map((one) => one.id)).toEqual(["worst", "low"]);
  });
});

describe("the school's form", () => {
  it("needs only what is needed to act, and says in which step", () => {
    expect(gapsOf({}).map((gap) => `${gap.step} ${gap.field}`)).toEqual(["level level_color", "event event_types", "event what_happened", "contact reporter_phone"]);
    expect(gapsOf({ level_color: "blue", event_types: ["other"], what_happened: " x ", reporter_phone: "1" })).toEqual([]);
    expect(gapsOf({ what_happened: "  ", event_types: [] })).toHaveLength(4);
  });

  it("sends no blanks, times with their zone, and an act in progress only with red", () => {
    const sent = cleaned({ level_color: "orange", act_in_progress: true, what_happened: " a ", place: " ", special_groups: [], boarder: false, found_at: "2026-01-05T08:00" });
    expect(sent).toEqual({ level_color: "orange", what_happened: "a", boarder: false, found_at: new Date(2026, 0, 5, 8).toISOString() });
    expect(cleaned({ level_color: "red", act_in_progress: true })).toMatchObject({ act_in_progress: true });
  });

  it("puts a code in and takes it out", () => {
    expect(toggled(undefined, "plan")).toEqual(["plan"]);
    expect(toggled(["plan", "death"], "plan")).toEqual(["death"]);
  });

  it("lists open reports first, and what is still to do before what is done", () => {
    const report = (id: string, state: string, created_at: string) => ({ id, state, created_at }) as SchoolReport;
    expect(listedReports(byId(report("closed", "closed", "2026-01-06T00:00:00Z"), report("old", "submitted", "2026-01-04T00:00:00Z"), report("new", "received", "2026-01-05T00:00:00Z"))).map((one) => one.id)).toEqual(["new", "old", "closed"]);
    const asked = askedInOrder({ asked_of_school: [{ code: "done", by: "2026-01-01T00:00:00Z", done_at: "2026-01-01T00:00:00Z" }, { code: "late", by: "2026-01-09T00:00:00Z" }, { code: "soon", by: "2026-01-02T00:00:00Z" }] } as unknown as SchoolReport);
    expect(asked.map((each) => each.code)).toEqual(["soon", "late", "done"]);
  });
});

describe("places and numbers", () => {
  it("opens the phone's own map, and a page on a desk", () => {
    expect(mapLink("人民路 12 号", "Mozilla/5.0 (Linux; Android 14)")).toBe(`geo:0,0?q=${encodeURIComponent("人民路 12 号")}`);
    expect(mapLink("a&b", "iPhone")).toBe("maps://?q=a%26b");
    expect(mapLink("x", "X11; Linux x86_64")).toMatch(/^https:/);
  });

  it("calls a number, never a masked one", () => {
    expect(callLink("+86 139-0000-1234")).toBe("tel:+8613900001234");
    expect(callLink("139****1234")).toBeNull();
  });
});

it("accounts are found by name, username or role, the disabled last", () => {
  const account = (username: string, fields: Partial<Staff> = {}) => ({ username, name: username, roles: ["counselor"], disabled: false, ...fields }) as Staff;
  const all = [account("b", { disabled: true }), account("c"), account("a", { roles: ["police"] })];
  expect(listed(all, "", (role) => role).map((one) => one.username)).toEqual(["a", "c", "b"]);
  expect(listed(all, "Polic", (role) => role).map((one) => one.username)).toEqual(["a"]);
});

it("a journal entry's facts stand apart from the state after it, without empty ones", () => {
  const entry = { facts: { role: "supervisor", rung: 2, note: null, codes: ["a", "b"], now: { state: "raised", by: null }, due: { what: "acknowledge" } } } as unknown as JournalEntry;
  expect(factsOf(entry)).toEqual({
    said: [
      ["role", "supervisor"],
      ["rung", "2"],
      ["codes", "a, b"],
    ],
    state: [
      ["now.state", "raised"],
      ["due.what", "acknowledge"],
    ],
  });
});

describe("long waits", () => {
  it("shows who was told about often enough, the longest wait first, and nobody who is served", () => {
    const contacts = byId(
      contact({ id: "new", wait_rung: 0 }),
      contact({ id: "late", wait_rung: 1, waiting_since: "2026-01-05T08:05:00Z" }),
      contact({ id: "first", wait_rung: 3, waiting_since: "2026-01-05T08:01:00Z" }),
      contact({ id: "served", wait_rung: 3, state: "active" }),
    );
    expect(longWaits(contacts, 1).map((one) => one.id)).toEqual(["first", "late"]);
    expect(longWaits(contacts, 3).map((one) => one.id)).toEqual(["first"]);
  });

  it("names who is in danger before who has waited longer", () => {
    const contacts = byId(
      contact({ id: "low", level: "low", wait_rung: 3, waiting_since: "2026-01-05T08:01:00Z" }),
      contact({ id: "imminent", level: "imminent", wait_rung: 1, waiting_since: "2026-01-05T08:05:00Z" }),
    );
    expect(longWaits(contacts, 1).map((one) => one.id)).toEqual(["imminent", "low"]);
  });
});
