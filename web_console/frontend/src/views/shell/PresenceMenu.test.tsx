import { screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { User } from "../../data/people";
import type { Presence } from "../../data/presences";
import { useSession } from "../../data/session";
import { forget, learn } from "../../data/store";
import { show } from "../../testingRender";
import { PresenceMenu } from "./PresenceMenu";

const here = (more: Partial<Presence>) =>
  learn("presence", { id: "li", name: "Li Na", roles: ["counselor"], state: "available", reason: null, since: new Date().toISOString(), until: null, connected: true, calls_withheld: null, chats_withheld: null, wrap_ups: 0, rest_until: null, ...more } as unknown as Presence);

beforeEach(() => useSession.setState({ user: { id: "li", name: "Li Na", roles: ["counselor"], permissions: ["presence.own"] } as unknown as User, unreachable: false, expired: false }));
afterEach(forget);

it("says that a record is written while nothing is offered, and not that one is available", () => {
  here({ chats_withheld: "wrap_up", calls_withheld: "wrap_up", wrap_ups: 1 });
  show(<PresenceMenu />);
  expect(screen.getByTestId("presence").textContent).toContain("Writing up");
  expect(screen.getByTestId("presence").textContent).not.toContain("Available");
});

it("says that chats alone are offered while a chat is written up", () => {
  here({ calls_withheld: "wrap_up", wrap_ups: 1 });
  show(<PresenceMenu />, "zh");
  expect(screen.getByTestId("presence").textContent).toMatch(/可接入.*只接聊天，还有记录没写完/);
});
