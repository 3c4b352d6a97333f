import { act, screen } from "@testing-library/react";
import { beforeEach, expect, it, vi } from "vitest";
import type { Known } from "../../data/frames";
import { useSession } from "../../data/session";
import { store } from "../../data/store";
import { show } from "../../testingRender";
import FollowupList from "./FollowupList";

const followup = { id: "fol_1", contact_id: "con_1", kind: "follow_up", state: "taken", version: 1, level: "high", due_at: "2026-01-01T10:00:00Z", owner: { id: "stf_2", name: "Chen" }, attempts: [], note: null, nickname: "Li", number_masked: null, overdue: true, next: null };

function shown(role: string, owner: object | null): void {
  useSession.setState({ user: { id: "stf_1", roles: [role], permissions: role === "supervisor" ? ["contact.supervise"] : [] } } as never);
  act(() => store.setState({ followups: { fol_1: { ...followup, state: owner ? "taken" : "open", owner } }, voicemails: {} } as unknown as Known));
  show(<FollowupList />);
}

beforeEach(() => vi.unstubAllGlobals());

it("offers to take what nobody has", () => {
  shown("counselor", null);
  expect(screen.getByTestId("followup-take")).toBeTruthy();
});

it("has no button on what a colleague has: it could only be refused", () => {
  shown("counselor", followup.owner);
  expect(screen.getByText(/Chen/)).toBeTruthy();
  expect(screen.queryAllByRole("button")).toEqual([]);
});

it("lets a supervisor go on with what somebody has and does not do", () => {
  shown("supervisor", followup.owner);
  expect(screen.queryByTestId("followup-take")).toBeNull();
  expect(screen.getByTestId("followup-done")).toBeTruthy();
});
