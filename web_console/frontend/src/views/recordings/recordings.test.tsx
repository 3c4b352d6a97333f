import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Contact } from "../../data/contacts";
import type { User } from "../../data/people";
import type { SoundTrouble } from "../../data/recordings";
import { useSession } from "../../data/session";
import { findings, show } from "../../testingRender";
import { RecordingBar } from "./RecordingBar";
import { RecordingsSection } from "./RecordingsSection";
import TroublesPage from "./TroublesPage";

const contact = (recording: Contact["recording"], fields: Partial<Contact> = {}): Contact =>
  ({ id: "con_1", channel: "call", state: "active", counselor: { id: "stf_1", name: "Lin" }, joined: [], recording, call: { state: "bridged" }, ...fields }) as unknown as Contact;

const signedIn = (...permissions: string[]) => useSession.setState({ user: { id: "stf_1", name: "Lin", permissions } as unknown as User });

const RECORDED = {
  policy: true,
  consent: true,
  may_listen: true,
  recordings: [{ id: "rec_1", contact_id: "con_1", state: "kept", trouble: null, made_at: "2026-03-02T03:00:00Z", seconds: 65, held: false, at_carrier: false, deleted_at: null, deleted_why: null, next: { what: "recording_deleted", at: "2026-08-29T03:00:00Z" } }],
  listened: [],
  holds: [],
};

interface Asked {
  method: string;
  path: string;
  body: unknown;
}
let asked: Asked[] = [];

const trouble = (id: string, code: string, fields: Partial<SoundTrouble> = {}): SoundTrouble =>
  ({ id, contact_id: "con_1", is_message: false, trouble: code, since: "2026-03-02T03:00:00Z", seconds: 65, next_try_at: null, held: false, may_try: true, may_give_up: true, ...fields }) as SoundTrouble;
let troubles: SoundTrouble[] = [];

beforeEach(() => {
  asked = [];
  troubles = [trouble("rec_1", "not_fetched"), trouble("rec_2", "lost", { may_try: false })];
  vi.stubGlobal("fetch", (path: string, init: RequestInit) => {
    if (path.includes("/sounds/")) {
      if (init.method === "POST") {
        asked.push({ method: "POST", path, body: JSON.parse(init.body as string) as unknown });
        troubles = troubles.slice(1);
      }
      return Promise.resolve(new Response(JSON.stringify({ items: troubles }), { headers: { "Content-Type": "application/json" } }));
    }
    asked.push({ method: init.method ?? "GET", path, body: init.body ? (JSON.parse(init.body as string) as unknown) : null });
    const answer = path.endsWith("/listen") ? { id: "lis_1", audio: "/sounds/rec_1?listening=lis_1", seconds: 65, until: "2026-03-02T04:00:00Z" } : path.endsWith("/recordings") ? RECORDED : contact(null);
    return Promise.resolve(new Response(JSON.stringify(answer), { status: 200, headers: { "Content-Type": "application/json" } }));
  });
});
afterEach(() => vi.unstubAllGlobals());

describe("the bar of a recording", () => {
  it("is not there where the service records no calls", () => {
    signedIn("contact.serve");
    show(<RecordingBar contact={contact({ policy: false, consent: null, state: null })} />);
    expect(screen.queryByTestId("recording-bar")).toBeNull();
  });

  it("says in both languages that it records, and pauses", async () => {
    signedIn("contact.serve");
    const { container, unmount } = show(<RecordingBar contact={contact({ policy: true, consent: true, state: "recording" })} />, "zh");
    expect(screen.getByRole("status").textContent).toBe("正在录音");
    expect(await findings(container)).toEqual([]);
    unmount();
    show(<RecordingBar contact={contact({ policy: true, consent: true, state: "recording" })} />);
    expect(screen.getByRole("status").textContent).toBe("Recording");
    await userEvent.click(screen.getByTestId("recording-pause"));
    expect(asked).toEqual([{ method: "POST", path: "/api/contacts/con_1/recording", body: { paused: true } }]);
  });

  it("never says paused before the carrier has paused", () => {
    signedIn("contact.serve");
    for (const [state, words] of [
      ["pausing", "Pausing: still recording"],
      ["not_paused", "The pause failed: still recording"],
    ] as const) {
      const { unmount } = show(<RecordingBar contact={contact({ policy: true, consent: true, state })} />);
      expect(screen.getByRole("status").textContent).toBe(words);
      expect(screen.getByTestId("recording-bar").dataset["certain"]).toBe("true");
      unmount();
    }
  });

  it("withdraws consent only after it was said what that deletes", async () => {
    signedIn("contact.serve");
    show(<RecordingBar contact={contact({ policy: true, consent: true, state: "recording" })} />);
    await userEvent.click(screen.getByTestId("recording-withdraw"));
    expect(asked).toEqual([]);
    await userEvent.click(await screen.findByTestId("confirm-yes"));
    expect(asked[0]).toMatchObject({ path: "/api/contacts/con_1/recording/consent", body: { agreed: false } });
  });
});

describe("the recordings of a contact", () => {
  it("open only with a reason, and offer nothing to save them with", async () => {
    signedIn("contact.serve", "recording.listen", "legal.hold");
    const { container } = show(<RecordingsSection contact={contact({ policy: true, consent: true, state: null }, { state: "closed" })} />);
    await userEvent.click(await screen.findByTestId("recording-listen"));
    const yes = await screen.findByTestId("confirm-yes");
    expect((yes as HTMLButtonElement).disabled).toBe(true);
    await userEvent.type(screen.getByTestId("confirm-reason"), "a complaint");
    await userEvent.click(yes);
    await screen.findByTestId("recording-player");
    expect(asked.find((each) => each.path === "/api/recordings/rec_1/listen")?.body).toEqual({ reason: "a complaint" });
    expect(container.querySelector("audio")?.hasAttribute("controls")).toBe(false);
    expect(container.querySelector("a")).toBeNull();
    await waitFor(async () => expect(await findings(container)).toEqual([]));
  });

  it("tell a counselor that there is one, without a way to it", async () => {
    signedIn("contact.serve");
    RECORDED.may_listen = false;
    show(<RecordingsSection contact={contact({ policy: true, consent: true, state: null })} />);
    expect((await screen.findByTestId("recording")).dataset["state"]).toBe("kept");
    expect(screen.queryByTestId("recording-listen")).toBeNull();
    expect(screen.queryByTestId("legal-hold-ask")).toBeNull();
    RECORDED.may_listen = true;
  });
});

describe("the page of recordings in trouble", () => {
  it("says what is wrong, tries again, and gives up with a reason only", async () => {
    signedIn("recording.mend");
    const { container } = show(<TroublesPage />, "zh");
    const rows = await screen.findAllByTestId("sound-trouble");
    expect(rows.map((row) => row.dataset["trouble"])).toEqual(["not_fetched", "lost"]);
    expect(container.textContent).toContain("没有取回，还在运营商处");
    expect(screen.getAllByTestId("sound-try")).toHaveLength(1);
    expect(await findings(container)).toEqual([]);
    await userEvent.click(screen.getByTestId("sound-try"));
    await waitFor(() => expect(screen.getAllByTestId("sound-trouble")).toHaveLength(1));
    await userEvent.click(screen.getByTestId("sound-give-up"));
    expect(screen.getByTestId("confirm-yes")).toHaveProperty("disabled", true);
    await userEvent.type(screen.getByTestId("confirm-reason"), "x");
    await userEvent.click(screen.getByTestId("confirm-yes"));
    await waitFor(() => expect(screen.queryByTestId("sound-trouble")).toBeNull());
    expect(asked).toEqual([
      { method: "POST", path: "/api/sounds/rec_1/try-again", body: {} },
      { method: "POST", path: "/api/sounds/rec_2/give-up", body: { reason: "x" } },
    ]);
  });
});
