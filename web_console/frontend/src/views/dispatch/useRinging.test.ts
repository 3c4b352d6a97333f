import { renderHook } from "@testing-library/react";
import { afterEach, expect, it, vi } from "vitest";
import { useSound } from "./useRinging";

const told = new Map<"vibrate" | "userActivation", PropertyDescriptor | undefined>();

function browserHas(name: "vibrate" | "userActivation", value: unknown): void {
  told.set(name, Object.getOwnPropertyDescriptor(navigator, name));
  Object.defineProperty(navigator, name, { value, configurable: true });
}

afterEach(() => {
  for (const [name, before] of told) {
    if (before) Object.defineProperty(navigator, name, before);
    else Reflect.deleteProperty(navigator, name);
  }
  told.clear();
});

it.each([
  ["somebody has touched the page", { hasBeenActive: true }, 1],
  ["nobody has touched the page yet", { hasBeenActive: false }, 0],
  ["the browser does not say", undefined, 1],
])("a phone shakes where it may: %s", (_name, activation, times) => {
  const vibrate = vi.fn();
  browserHas("vibrate", vibrate);
  browserHas("userActivation", activation);
  const { unmount } = renderHook(() => useSound(true));
  unmount();
  expect(vibrate).toHaveBeenCalledTimes(times);
});
