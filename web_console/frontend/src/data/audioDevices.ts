/** Which microphone and loudspeaker: chosen once, kept by this browser, "" is the system's own choice. */
import { create } from "zustand";

export interface AudioChoice {
  input: string;
  output: string;
}

const STORED = "hotline.audio";

export const useAudioChoice = create<AudioChoice>(() => ({ input: "", output: "", ...stored() }));

function stored(): Partial<AudioChoice> {
  try {
    return JSON.parse(localStorage.getItem(STORED) ?? "{}") as Partial<AudioChoice>;
  } catch {
    return {};
  }
}

export function chooseAudio(choice: Partial<AudioChoice>): void {
  useAudioChoice.setState(choice);
  try {
    localStorage.setItem(STORED, JSON.stringify(useAudioChoice.getState()));
  } catch {
    // Kept for as long as the page.
  }
}

/** What the carrier's client lets one choose; as much of it as is used here. */
interface AudioSide {
  availableInputDevices: Map<string, unknown>;
  availableOutputDevices: Map<string, unknown>;
  isOutputSelectionSupported: boolean;
  setInputDevice(id: string): Promise<void>;
  unsetInputDevice(): Promise<void>;
  speakerDevices: { set(id: string): Promise<void> };
}

/** A chosen device that is unplugged gives way to the system's own, without a word: the call must go on. */
export async function applyAudioChoice(audio: AudioSide | null): Promise<void> {
  if (!audio) return;
  const { input, output } = useAudioChoice.getState();
  try {
    if (input && audio.availableInputDevices.has(input)) await audio.setInputDevice(input);
    else await audio.unsetInputDevice();
    if (audio.isOutputSelectionSupported) await audio.speakerDevices.set(audio.availableOutputDevices.has(output) ? output : "default");
  } catch {
    // Refused by the browser: the system's own device stays in use.
  }
}

export interface AudioDevice {
  id: string;
  label: string;
}

/** Their names are empty until the microphone may be used. */
export async function listAudio(kind: "audioinput" | "audiooutput"): Promise<AudioDevice[]> {
  const all = (await navigator.mediaDevices?.enumerateDevices?.()) ?? [];
  return all.filter((device) => device.kind === kind && device.deviceId !== "" && device.deviceId !== "default").map((device) => ({ id: device.deviceId, label: device.label }));
}

export const canChooseOutput = (): boolean => typeof AudioContext !== "undefined" && "setSinkId" in AudioContext.prototype;

/** The chosen microphone, opened; the caller stops its tracks. */
export function openMicrophone(id: string): Promise<MediaStream> {
  return navigator.mediaDevices.getUserMedia({ audio: id ? { deviceId: { exact: id } } : true });
}

/** How loud it is now, 0 to 1: `stop` lets the microphone go. */
export function levelOf(stream: MediaStream): { read: () => number; stop: () => void } {
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  analyser.fftSize = 1024;
  context.createMediaStreamSource(stream).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  return {
    read: () => {
      analyser.getFloatTimeDomainData(samples);
      const power = samples.reduce((sum, value) => sum + value * value, 0) / samples.length;
      return loudness(Math.sqrt(power));
    },
    stop: () => {
      for (const track of stream.getTracks()) track.stop();
      void context.close();
    },
  };
}

/** From silence at -60 dB to as loud as it gets: how ears count. */
export function loudness(amplitude: number): number {
  if (amplitude <= 0) return 0;
  return Math.min(1, Math.max(0, (20 * Math.log10(amplitude) + 60) / 60));
}

const TONE_SECONDS = 1.2;

/** A short tone from the chosen loudspeaker. */
export async function playTone(output: string): Promise<void> {
  const context = new AudioContext() as AudioContext & { setSinkId?: (id: string) => Promise<void> };
  try {
    if (output && context.setSinkId) await context.setSinkId(output);
    const tone = context.createOscillator();
    const gain = context.createGain();
    tone.frequency.value = 440;
    gain.gain.setValueAtTime(0, context.currentTime);
    gain.gain.linearRampToValueAtTime(0.3, context.currentTime + 0.05);
    gain.gain.linearRampToValueAtTime(0, context.currentTime + TONE_SECONDS);
    tone.connect(gain).connect(context.destination);
    tone.start();
    tone.stop(context.currentTime + TONE_SECONDS);
    await new Promise((over) => (tone.onended = over));
  } finally {
    await context.close();
  }
}
