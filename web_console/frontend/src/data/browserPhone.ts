/** The browser as a telephone: the carrier's own client, loaded only where it is used. All its events end in `usePhone`. */
import type { Call, Device } from "@twilio/voice-sdk";
import { applyAudioChoice } from "./audioDevices";
import { NO_PHONE, type Phone, UNMEASURED, usePhone } from "./phone";

type Sdk = Pick<typeof import("@twilio/voice-sdk"), "Device">;

export interface Surroundings {
  /** A fresh token, with everything else about one's telephone. */
  renew: () => Promise<Phone>;
  /** Is a ring for this person expected now? */
  expects: () => boolean;
  load?: () => Promise<Sdk>;
}

/** A minute before its end: time for several tries. */
const RENEW_BEFORE_END_MS = 60_000;
/** How often a lost registration, or a token that could not be had, is tried again. */
const AGAIN_MS = 5_000;
const UNREGISTERED_WITHIN_MS = 2_000;
/** The carrier's numbers for a token that ran out or is not accepted, and for a microphone that may not be used. */
const TOKEN_ERRORS = [20101, 20104, 20157, 31204, 31205];
const MICROPHONE_ERRORS = [31208, 31401, 31402];

export class BrowserPhone {
  private device: Device | null = null;
  private call: Call | null = null;
  private stopped = false;
  private again: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly around: Surroundings) {}

  async start(phone: Phone): Promise<void> {
    usePhone.setState({ registration: "connecting" });
    try {
      const { Device } = await (this.around.load ?? (() => import("@twilio/voice-sdk")))();
      if (this.stopped || !phone.token) return;
      if (!Device.isSupported) return usePhone.setState({ registration: "unsupported" });
      this.device = new Device(phone.token, {
        appName: "hotline",
        // Whoever is about to close the page in a call is asked: it would cut them off.
        closeProtection: true,
        // Of the carrier's two, the one that stays clear on a weak network first.
        codecPreferences: ["opus", "pcmu"] as Call.Codec[],
        logLevel: "silent",
        tokenRefreshMs: RENEW_BEFORE_END_MS,
      });
      this.listen(this.device);
      await this.device.register();
    } catch {
      this.lost();
    }
  }

  /** Signed out: nobody rings this browser any more, and a call that is open ends on this side. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.again);
    const device = this.device;
    this.device = null;
    usePhone.setState({ ...NO_PHONE, own: usePhone.getState().own });
    if (!device) return;
    device.disconnectAll();
    // Gone from the carrier or not: this browser answers no more, and nobody waits long for its word.
    await Promise.race([device.unregister().catch(() => undefined), new Promise((over) => setTimeout(over, UNREGISTERED_WITHIN_MS))]);
    device.destroy();
  }

  answer(): void {
    if (this.call && usePhone.getState().talk === "ringing") {
      usePhone.setState({ talk: "connecting" });
      this.call.accept();
    }
  }

  decline(): void {
    this.call?.reject();
    this.hungUp();
  }

  mute(on: boolean): void {
    this.call?.mute(on);
  }

  press(digits: string): void {
    this.call?.sendDigits(digits);
  }

  /** Contacts have changed: a ring that nobody expected may be one's own now. */
  reconsider(): void {
    if (usePhone.getState().talk === "ringing" && this.around.expects()) this.answer();
  }

  /** Another microphone or loudspeaker was chosen. */
  async takeChosenAudio(): Promise<void> {
    await applyAudioChoice(this.device?.audio ?? null);
  }

  private listen(device: Device): void {
    const audio = device.audio;
    // The console rings by itself, with its own volume.
    audio?.incoming(false);
    audio?.outgoing(false);
    audio?.disconnect(false);
    device.on("registered", () => {
      usePhone.setState({ registration: "ready" });
      void this.takeChosenAudio();
    });
    device.on("unregistered", () => this.lost());
    device.on("incoming", (call: Call) => this.rings(call));
    device.on("tokenWillExpire", () => void this.renewToken());
    device.on("error", (error: { code?: number }) => {
      if (TOKEN_ERRORS.includes(error.code ?? 0)) void this.renewToken();
      if (MICROPHONE_ERRORS.includes(error.code ?? 0)) usePhone.setState({ microphoneRefused: true });
    });
  }

  private rings(call: Call): void {
    this.call = call;
    usePhone.setState({ talk: "ringing", muted: false, quality: UNMEASURED });
    call.on("accept", () => usePhone.setState({ talk: "open", microphoneRefused: false }));
    for (const over of ["disconnect", "cancel", "reject"]) call.on(over, () => this.hungUp(call));
    call.on("mute", (muted: boolean) => usePhone.setState({ muted }));
    call.on("reconnecting", () => usePhone.setState({ talk: "reconnecting" }));
    call.on("reconnected", () => usePhone.setState({ talk: "open" }));
    call.on("sample", (sample: { mos: number | null; rtt: number }) => this.measured({ mos: sample.mos, rtt: Math.round(sample.rtt) }));
    call.on("warning", (name: string) => this.warned(name, true));
    call.on("warning-cleared", (name: string) => this.warned(name, false));
    call.on("error", (error: { code?: number }) => {
      if (MICROPHONE_ERRORS.includes(error.code ?? 0)) usePhone.setState({ microphoneRefused: true });
    });
    this.reconsider();
  }

  private hungUp(call: Call | null = this.call): void {
    if (call !== this.call) return;
    this.call = null;
    usePhone.setState({ talk: "none", muted: false, quality: UNMEASURED });
  }

  private measured(sample: { mos: number | null; rtt: number }): void {
    usePhone.setState(({ quality }) => ({ quality: { ...quality, ...sample } }));
  }

  private warned(name: string, on: boolean): void {
    usePhone.setState(({ quality }) => {
      const others = quality.warnings.filter((one) => one !== name);
      return { quality: { ...quality, warnings: on ? [...others, name] : others } };
    });
  }

  private async renewToken(): Promise<void> {
    try {
      const phone = await this.around.renew();
      if (phone.token) this.device?.updateToken(phone.token);
    } catch {
      this.later(() => void this.renewToken());
    }
  }

  private lost(): void {
    if (this.stopped) return;
    usePhone.setState({ registration: "lost" });
    this.later(() => void this.registerAgain());
  }

  /** The client comes back by itself after most troubles; after a long sleep its token is too old for that. */
  private async registerAgain(): Promise<void> {
    const device = this.device;
    if (this.stopped || device?.state === "registered") return;
    if (!device) return this.start(await this.around.renew().catch(() => usePhone.getState().own ?? NOTHING));
    await this.renewToken();
    if (device.state === "unregistered") await device.register().catch(() => this.lost());
  }

  private later(what: () => void): void {
    clearTimeout(this.again);
    if (!this.stopped) this.again = setTimeout(what, AGAIN_MS);
  }
}

const NOTHING: Phone = { kind: "none", identity: null, token: null, expires_at: null, number_masked: null, line: false, browser: false };
