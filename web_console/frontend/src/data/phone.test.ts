import type { Call as SdkCall, Device } from "@twilio/voice-sdk";
import { EventEmitter } from "events";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { loudness } from "./audioDevices";
import { BrowserPhone } from "./browserPhone";
import type { Contact } from "./contacts";
import { canBeRung, expectsRing, isMicrophoneSilent, NO_PHONE, type Phone, UNMEASURED, usePhone, verdict } from "./phone";

const OWN: Phone = { kind: "browser", identity: "stf_1", token: "first", expires_at: null, number_masked: null, line: true, browser: true };

/** The carrier's client as far as it is used: an emitter that notes what it was told. */
class FakeDevice extends EventEmitter {
  static isSupported = true;
  static made: FakeDevice[] = [];
  state = "unregistered";
  tokens: string[];
  done: string[] = [];
  audio = null;
  constructor(token: string) {
    super();
    this.tokens = [token];
    FakeDevice.made.push(this);
  }
  register = async () => {
    this.state = "registered";
    this.emit("registered");
  };
  unregister = async () => void this.done.push("unregister");
  destroy = () => void this.done.push("destroy");
  disconnectAll = () => void this.done.push("disconnectAll");
  updateToken = (token: string) => void this.tokens.push(token);
}

class FakeCall extends EventEmitter {
  done: string[] = [];
  accept = () => {
    this.done.push("accept");
    this.emit("accept", this);
  };
  reject = () => void this.done.push("reject");
  mute = (on: boolean) => void this.emit("mute", on, this);
  sendDigits = (digits: string) => void this.done.push(digits);
}

const sdk = { Device: FakeDevice as unknown as typeof Device };
const talk = () => usePhone.getState().talk;

async function started(expects: () => boolean, renew: () => Promise<Phone> = async () => ({ ...OWN, token: "second" })) {
  const phone = new BrowserPhone({ renew, expects, load: async () => sdk });
  await phone.start(OWN);
  return { phone, device: FakeDevice.made.at(-1)! };
}

function rung(device: FakeDevice): FakeCall {
  const call = new FakeCall();
  device.emit("incoming", call as unknown as SdkCall);
  return call;
}

beforeEach(() => {
  usePhone.setState(NO_PHONE, true);
  FakeDevice.isSupported = true;
  FakeDevice.made = [];
});
afterEach(() => void vi.useRealTimers());

describe("the browser's telephone", () => {
  it("answers by itself what is expected, and asks about everything else", async () => {
    let expected = false;
    const { phone, device } = await started(() => expected);
    expect(usePhone.getState().registration).toBe("ready");
    const call = rung(device);
    expect(talk()).toBe("ringing");
    expected = true;
    phone.reconsider();
    expect(call.done).toEqual(["accept"]);
    expect(talk()).toBe("open");
    call.emit("disconnect", call);
    expect(talk()).toBe("none");
  });

  it("is taken by hand, or declined", async () => {
    const { phone, device } = await started(() => false);
    const declined = rung(device);
    phone.decline();
    expect(declined.done).toEqual(["reject"]);
    expect(talk()).toBe("none");
    const taken = rung(device);
    phone.answer();
    expect(taken.done).toEqual(["accept"]);
    // A late word of the first one changes nothing of the second.
    declined.emit("cancel");
    expect(talk()).toBe("open");
  });

  it("mutes, sends keys, and says how the line is", async () => {
    const { phone, device } = await started(() => true);
    const call = rung(device);
    phone.mute(true);
    expect(usePhone.getState().muted).toBe(true);
    phone.press("5");
    expect(call.done).toContain("5");
    call.emit("sample", { mos: 4.3, rtt: 80.4 });
    expect(verdict(usePhone.getState().quality)).toBe("good");
    call.emit("warning", "high-jitter", {});
    call.emit("warning", "high-jitter", {});
    expect(usePhone.getState().quality).toEqual({ mos: 4.3, rtt: 80, warnings: ["high-jitter"] });
    call.emit("warning-cleared", "high-jitter");
    call.emit("reconnecting", {});
    expect(talk()).toBe("reconnecting");
    call.emit("reconnected");
    expect([talk(), verdict(usePhone.getState().quality)]).toEqual(["open", "good"]);
  });

  it("renews its token before the end, and tries again when that fails", async () => {
    vi.useFakeTimers();
    let reachable = false;
    const { device } = await started(
      () => false,
      async () => {
        if (!reachable) throw new Error("offline");
        return { ...OWN, token: "second" };
      },
    );
    device.emit("tokenWillExpire", device);
    await vi.advanceTimersByTimeAsync(1);
    expect(device.tokens).toEqual(["first"]);
    reachable = true;
    await vi.advanceTimersByTimeAsync(5_000);
    expect(device.tokens).toEqual(["first", "second"]);
  });

  it("comes back with a new token after its line was lost", async () => {
    vi.useFakeTimers();
    const { device } = await started(() => false);
    device.state = "unregistered";
    device.emit("unregistered");
    expect(usePhone.getState().registration).toBe("lost");
    await vi.advanceTimersByTimeAsync(5_000);
    expect(usePhone.getState().registration).toBe("ready");
    expect(device.tokens.at(-1)).toBe("second");
  });

  it("is gone from the carrier after the sign-out, and stays gone", async () => {
    vi.useFakeTimers();
    const { phone, device } = await started(() => true);
    rung(device);
    await phone.stop();
    expect(device.done).toEqual(["disconnectAll", "unregister", "destroy"]);
    device.emit("unregistered");
    await vi.advanceTimersByTimeAsync(60_000);
    expect(usePhone.getState()).toMatchObject({ registration: "off", talk: "none" });
    expect(FakeDevice.made).toHaveLength(1);
  });

  it("says that a browser cannot, and that the microphone is refused", async () => {
    const { device } = await started(() => false);
    device.emit("error", { code: 31401 });
    expect(usePhone.getState().microphoneRefused).toBe(true);
    FakeDevice.isSupported = false;
    await new BrowserPhone({ renew: async () => OWN, expects: () => false, load: async () => sdk }).start(OWN);
    expect(usePhone.getState().registration).toBe("unsupported");
  });
});

const contact = (change: object): Contact => ({ id: "ct", channel: "call", state: "active", counselor: { id: "me", name: "" }, call: { supervision: [] }, ...change }) as unknown as Contact;

describe("a ring", () => {
  it("is expected for one's own active call, and for one that is listened to", () => {
    expect(expectsRing({ ct: contact({}) }, "me")).toBe(true);
    expect(expectsRing({ ct: contact({ counselor: { id: "other" }, call: { supervision: [{ staff_id: "me" }] } }) }, "me")).toBe(true);
  });

  it("is not expected for anything else", () => {
    for (const change of [{ state: "waiting" }, { state: "wrap_up" }, { channel: "chat" }, { counselor: { id: "other" } }, { counselor: null }]) {
      expect(expectsRing({ ct: contact(change) }, "me")).toBe(false);
    }
  });

  it("reaches somebody only where there is something to ring", () => {
    const phone = (kind: Phone["kind"], registration = NO_PHONE.registration) => ({ ...NO_PHONE, own: { ...OWN, kind }, registration });
    expect([phone("number"), phone("simulated"), phone("browser", "ready")].map(canBeRung)).toEqual([true, true, true]);
    expect([NO_PHONE, phone("none"), phone("browser", "lost"), phone("browser", "connecting")].map(canBeRung)).toEqual([false, false, false, false]);
  });
});

describe("the line's quality", () => {
  it.each([
    [UNMEASURED, "unknown"],
    [{ mos: 4.4, rtt: 60, warnings: [] }, "good"],
    [{ mos: 3.8, rtt: 60, warnings: [] }, "fair"],
    [{ mos: 4.4, rtt: 300, warnings: [] }, "fair"],
    [{ mos: 3.2, rtt: 60, warnings: [] }, "poor"],
    [{ mos: null, rtt: 500, warnings: [] }, "poor"],
    [{ mos: 4.4, rtt: 60, warnings: ["high-packet-loss"] }, "poor"],
    [{ mos: 4.4, rtt: 60, warnings: ["constant-audio-input-level"] }, "good"],
  ])("%j is %s", (quality, expected) => {
    expect(verdict(quality)).toBe(expected);
  });

  it("tells a silent microphone from a bad network", () => {
    expect(isMicrophoneSilent({ ...UNMEASURED, warnings: ["constant-audio-input-level"] })).toBe(true);
    expect(isMicrophoneSilent({ ...UNMEASURED, warnings: ["low-mos"] })).toBe(false);
  });

  it("counts loudness as ears do", () => {
    expect([loudness(0), loudness(0.0001), loudness(1), loudness(2)]).toEqual([0, 0, 1, 1]);
    expect(loudness(0.1)).toBeCloseTo(2 / 3, 2);
  });
});
