import { act, render } from "@testing-library/react";
import { useEffect } from "react";
import { expect, it, vi } from "vitest";
import type { User } from "../../data/people";
import { useSession } from "../../data/session";
import { startWords } from "../../words/words";
import { App } from "./App";

const begun = vi.hoisted(() => vi.fn());

vi.mock("./Shell", () => ({
  Shell: () => {
    useEffect(() => void begun(), []);
    return null;
  },
}));

const anna: User = { id: "stf_1", username: "anna", name: "Anna", roles: ["counselor"], permissions: [], district: null, organisation_id: null, language: "en", second_factor: false };

it("begins anew with other roles: the line goes on after its cursor, and would never tell what was open before", () => {
  startWords(import.meta.glob("../../words/*/*.ts", { eager: true }), "en");
  useSession.setState({ user: anna });
  render(<App />);
  act(() => useSession.setState({ user: { ...anna, name: "Anna B." } }));
  expect(begun).toHaveBeenCalledTimes(1);
  act(() => useSession.setState({ user: { ...anna, roles: ["dispatcher"] } }));
  expect(begun).toHaveBeenCalledTimes(2);
});
