import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { http } from "./http";
import { noteServerTime, serverNow } from "./serverClock";

const NOW = Date.parse("2026-03-01T12:00:00.000Z");
const header = (ms: number): string => new Date(ms).toUTCString();

beforeEach(() => vi.useFakeTimers({ now: NOW }));
afterEach(() => {
  noteServerTime(header(Date.now()), Date.now());
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it("goes by the server's clock, whatever the desk's own says", async () => {
  const answer = new Response("{}", { status: 200, headers: { Date: header(NOW - 90_000) } });
  vi.stubGlobal("fetch", () => Promise.resolve(answer));
  await http.get("/api/me");
  expect(Math.abs(serverNow() - (NOW - 90_000))).toBeLessThanOrEqual(1_000);
});

it("is moved by no slow answer and no part of a second", () => {
  noteServerTime(header(NOW), NOW);
  const before = serverNow();
  noteServerTime(header(NOW - 4_000), NOW - 5_000);
  noteServerTime(null, NOW);
  noteServerTime("not a time", NOW);
  expect(serverNow()).toBe(before);
});
