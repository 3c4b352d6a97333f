import { act, screen } from "@testing-library/react";
import { expect, it } from "vitest";
import type { Known } from "../../data/frames";
import { useSession } from "../../data/session";
import { store } from "../../data/store";
import { show } from "../../testingRender";
import { Voicemails } from "./Voicemails";

const voicemail = { id: "vml_1", contact_id: "con_1", state: "taken", version: 2, level: "high", due_at: "2026-01-01T10:00:00Z", created_at: "2026-01-01T09:00:00Z", owner: { id: "stf_2", name: "Chen" }, listened: 0, number_masked: "139****1234", seconds: 8, transcript: null, overdue: true, audio: "kept", next: null };

it.each([
  ["counselor", [], false],
  ["supervisor", ["contact.supervise"], true],
])("a message that a colleague has, to a %s", (role, permissions, goesOn) => {
  useSession.setState({ user: { id: "stf_1", roles: [role], permissions } } as never);
  act(() => store.setState({ voicemails: { vml_1: voicemail } } as unknown as Known));
  show(<Voicemails />);
  expect(screen.getByText(/Chen/)).toBeTruthy();
  expect(screen.queryByTestId("voicemail-take")).toBeNull();
  expect(screen.queryByTestId("voicemail-done") !== null).toBe(goesOn);
});
