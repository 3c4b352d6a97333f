import { act, renderHook } from "@testing-library/react";
import { expect, it } from "vitest";
import { useHeld } from "./held";
import type { User } from "./people";
import { useSession } from "./session";

const anna: User = { id: "stf_1", username: "anna", name: "Anna", roles: ["counselor"], permissions: [], district: null, organisation_id: null, language: "en", second_factor: false };

it("outlives the panel, by its name, until somebody signs out", () => {
  useSession.setState({ user: anna });
  const first = renderHook(() => useHeld("answers.con_1.asq", {} as Record<string, string>));
  act(() => first.result.current[1]({ wish: "yes" }));
  first.unmount();
  expect(renderHook(() => useHeld("answers.con_1.asq", {})).result.current[0]).toEqual({ wish: "yes" });
  expect(renderHook(() => useHeld("answers.con_2.asq", {})).result.current[0]).toEqual({});
  act(() => useSession.setState({ user: null }));
  expect(renderHook(() => useHeld("answers.con_1.asq", {})).result.current[0]).toEqual({});
});
