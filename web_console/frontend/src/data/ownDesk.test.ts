import { act, renderHook } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { useDraft } from "./drafts";
import { useHeld } from "./held";
import type { User } from "./people";
import { usePlan, writePlan } from "./safetyPlans";
import { useSession } from "./session";

const anna: User = { id: "stf_1", username: "anna", name: "Anna", roles: ["counselor"], permissions: [], district: null, organisation_id: null, language: "en", second_factor: false };
const bela: User = { ...anna, id: "stf_2", username: "bela", name: "Bela" };
const sit = (user: User | null) => act(() => useSession.setState({ user }));
const draft = () => renderHook(() => useDraft("con_1", "note")).result.current;
const plan = () => renderHook(() => usePlan("con_1")).result.current;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("fetch", vi.fn(() => Promise.reject(new Error("no network"))));
  sit(anna);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it("shows a half-written plan and note to their writer only, also over an open console, and loses neither", () => {
  act(() => writePlan("con_1", "people", "her sister"));
  const [, write] = draft();
  act(() => write("she took nothing"));
  sit(null);
  sit(bela);
  expect(plan().people).toBe("");
  expect(draft()[0]).toBe("");
  sit(anna);
  expect(plan().people).toBe("her sister");
  expect(draft()[0]).toBe("she took nothing");
});

it("does not save one person's words in the name of who signs in within the same second", () => {
  const [, write] = draft();
  act(() => write("words of Anna"));
  sit(bela);
  act(() => void vi.advanceTimersByTime(2_000));
  const saved = vi.mocked(fetch).mock.calls.filter(([, init]) => init?.method === "PUT");
  expect(saved).toEqual([]);
});

it("forgets what was begun in a panel when another person signs in over the open console", () => {
  const held = () => renderHook(() => useHeld<string>("closing.con_1", "")).result.current;
  const [, hold] = held();
  act(() => hold("begun"));
  sit(bela);
  expect(held()[0]).toBe("");
});
