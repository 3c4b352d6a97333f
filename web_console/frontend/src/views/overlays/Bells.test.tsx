import { Notifications } from "@mantine/notifications";
import { act, screen } from "@testing-library/react";
import { afterEach, expect, it, vi } from "vitest";
import type { Known } from "../../data/frames";
import { useSession } from "../../data/session";
import { store } from "../../data/store";
import { show } from "../../testingRender";
import { Bells } from "./Bells";

const given = { id: "con_1", channel: "chat", state: "active", nickname: "Li", counselor: { id: "stf_me", name: "Lin" }, opened_at: "", answered_at: "", passed_on: { by: { id: "stf_2", name: "Chen" }, to: { id: "stf_me", name: "Lin" }, at: "1", note: null, came_back: false } };
const known = (contacts: object) => act(() => store.setState({ ready: true, contacts, offers: {}, alerts: {} } as unknown as Known));

it("says that a colleague has passed a chat on, once, and not of those that were there already", async () => {
  useSession.setState({ user: { id: "stf_me", roles: ["counselor"], permissions: ["contact.serve"] } } as never);
  known({ con_0: { ...given, id: "con_0", nickname: "Old" } });
  show(
    <>
      <Notifications />
      <Bells />
    </>,
  );
  known({ con_0: { ...given, id: "con_0", nickname: "Old" }, con_1: given });
  expect(await screen.findByText("Chen has passed “Li” on to you: it is among your contacts.")).toBeTruthy();
  expect(screen.queryByText(/Old/)).toBeNull();
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

it("keeps the console standing where a browser allows notifications and has none", () => {
  const none = vi.fn(function () {
    throw new TypeError("Illegal constructor");
  });
  vi.stubGlobal("Notification", Object.assign(none, { permission: "granted" }));
  vi.spyOn(document, "hidden", "get").mockReturnValue(true);
  known({});
  show(
    <>
      <Bells />
      <p>the console</p>
    </>,
  );
  act(() => store.setState({ offers: { off_1: { id: "off_1", state: "open", staff_id: "stf_me", expires_at: "" } } } as unknown as Known));
  expect(none).toHaveBeenCalled();
  expect(screen.getByText("the console")).toBeTruthy();
});
