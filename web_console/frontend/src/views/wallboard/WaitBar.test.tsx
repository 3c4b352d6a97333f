import { act, screen } from "@testing-library/react";
import { beforeEach, expect, it } from "vitest";
import type { Known } from "../../data/frames";
import { useSession } from "../../data/session";
import { store } from "../../data/store";
import { show } from "../../testingRender";
import { WaitBar } from "./WaitBar";

const waits = { id: "con_1", state: "waiting", level: "high", channel: "call", wait_rung: 3, line_flags: ["with_fallback"], opened_at: new Date().toISOString(), waiting_since: null, number_masked: "139****1234", nickname: null };

function known(change: object): void {
  act(() => store.setState({ contacts: { con_1: waits }, offers: {}, presences: {}, ...change } as unknown as Known));
}

beforeEach(() => {
  useSession.setState({ user: { id: "stf_me", permissions: [] } } as never);
  known({});
});

it("tells who waits too long, and where they are meanwhile", () => {
  show(<WaitBar />);
  expect(screen.getByTestId("wait-bar").textContent).toContain("on the duty telephone");
});

it("names first whoever nobody is with", () => {
  known({ contacts: { con_1: { ...waits, level: "imminent" }, con_2: { ...waits, id: "con_2", line_flags: [] } } });
  show(<WaitBar />);
  expect(screen.getByTestId("wait-bar").dataset["contact"]).toBe("con_2");
});

it("leaves a counselor on a call in peace, until that is being written up", () => {
  show(<WaitBar />);
  known({ presences: { stf_me: { calls_withheld: "on_call" } } });
  expect(screen.queryByTestId("wait-bar")).toBeNull();
  known({ presences: { stf_me: { calls_withheld: "wrap_up" } } });
  expect(screen.getByTestId("wait-bar")).toBeTruthy();
});

it("tells a supervisor on a call all the same", () => {
  useSession.setState({ user: { id: "stf_me", permissions: ["contact.supervise"] } } as never);
  show(<WaitBar />);
  known({ presences: { stf_me: { calls_withheld: "on_call" } } });
  expect(screen.getByTestId("wait-bar")).toBeTruthy();
});

it("stands back while something is being offered", () => {
  known({ offers: { off_1: { id: "off_1", contact_id: "con_2", staff_id: "stf_me", state: "open", made_at: "" } } });
  show(<WaitBar />);
  expect(screen.queryByTestId("wait-bar")).toBeNull();
});
