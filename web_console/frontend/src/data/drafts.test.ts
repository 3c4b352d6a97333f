import { act } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { writeDraft } from "./drafts";
import { useSession } from "./session";

let answers: (() => void)[] = [];
const saved = () =>
  vi
    .mocked(fetch)
    .mock.calls.filter(([, init]) => init?.method === "PUT")
    .map(([, init]) => (JSON.parse(init?.body as string) as { text: string }).text);
const pass = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms));

beforeEach(() => {
  answers = [];
  vi.useFakeTimers();
  vi.stubGlobal(
    "fetch",
    vi.fn(() => new Promise((resolve) => answers.push(() => resolve(new Response(null, { status: 204 }))))),
  );
  useSession.setState({ user: { id: "stf_1" } } as never);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it("tells the server at once that what was sent is no draft any more", async () => {
  writeDraft("con_1", "composer", "are you there?");
  await pass(1_000);
  answers.forEach((answer) => answer());
  await pass(0);
  writeDraft("con_1", "composer", "");
  await pass(1);
  expect(saved()).toEqual(["are you there?", ""]);
});

it("sends one save after the other, whichever is slow", async () => {
  writeDraft("con_2", "note", "first");
  await pass(1_000);
  writeDraft("con_2", "note", "first and second");
  await pass(1_000);
  expect(saved()).toEqual(["first"]);
  answers.forEach((answer) => answer());
  await pass(1);
  expect(saved()).toEqual(["first", "first and second"]);
});
