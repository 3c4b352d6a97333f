import { screen, waitFor } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Offer } from "../../data/offers";
import { show } from "../../testingRender";
import { WhyYou } from "./WhyYou";

const suits = [
  { why: "skill", skill: "language:en", level: 4 },
  { why: "without", skill: "youth", level: null },
  { why: "least_busy", skill: null, level: null },
];
const offer = { id: "off_1", suits } as unknown as Offer;
const skills = [
  { code: "language:en", zh: "英语", en: "English", topics: [], age_bands: [] },
  { code: "youth", zh: "青少年", en: "Young people", topics: [], age_bands: [] },
];

beforeEach(() => {
  vi.stubGlobal("fetch", () => Promise.resolve(new Response(JSON.stringify({ items: skills, next: null, level_wanted: 3, partner_number: "" }), { status: 200, headers: { "Content-Type": "application/json" } })));
});
afterEach(() => vi.unstubAllGlobals());

it("says why the queue chose this counselor, in words", async () => {
  show(<WhyYou offer={offer} />);
  await waitFor(() => expect(screen.getByTestId("offer-suits").textContent).toBe("Why you: English 4 · nobody with “Young people” came free · least busy"));
});

it("says it in Chinese, and nothing where nothing is known", async () => {
  const { unmount } = show(<WhyYou offer={offer} />, "zh");
  await waitFor(() => expect(screen.getByTestId("offer-suits").textContent).toBe("为什么是您：英语 4 · 一直没有会「青少年」的人空下来 · 手上最空"));
  unmount();
  show(<WhyYou offer={{ ...offer, suits: [] }} />);
  expect(screen.queryByTestId("offer-suits")).toBeNull();
});
