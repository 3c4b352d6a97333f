import { Button, Group, NativeSelect, Stack, Text, Title } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { type AudioDevice, canChooseOutput, chooseAudio, levelOf, listAudio, openMicrophone, playTone, useAudioChoice } from "../../data/audioDevices";
import { takeChosenAudio } from "../../data/phoneLine";
import { useWords } from "../../words/words";
import classes from "./phone.module.css";

type Microphone = "off" | "on" | "refused" | "missing";

/** Can one be heard, and hear? Before the first call, not in it. */
export function DeviceCheck() {
  const t = useWords("phone");
  const choice = useAudioChoice();
  const [microphone, setMicrophone] = useState<Microphone>("off");
  const inputs = useDevices("audioinput", microphone);
  const outputs = useDevices("audiooutput", microphone);
  const choose = (change: Parameters<typeof chooseAudio>[0]) => {
    chooseAudio(change);
    void takeChosenAudio();
  };
  return (
    <Stack gap="sm" data-testid="device-check">
      <Title order={2} size={16}>
        {t("check")}
      </Title>
      <Pick label={t("microphone")} devices={inputs} value={choice.input} onValue={(input) => choose({ input })} testId="device-microphone" />
      <Level input={choice.input} state={microphone} onState={setMicrophone} />
      {canChooseOutput() ? (
        <Pick label={t("speaker")} devices={outputs} value={choice.output} onValue={(output) => choose({ output })} testId="device-speaker" />
      ) : (
        <Text size="sm" c="dimmed">
          {t("output_by_system")}
        </Text>
      )}
      <Tone output={choice.output} />
    </Stack>
  );
}

/** Asked again when the microphone was allowed: only then have they names; and when something is plugged in or out. */
function useDevices(kind: "audioinput" | "audiooutput", asked: Microphone): AudioDevice[] {
  const [devices, setDevices] = useState<AudioDevice[]>([]);
  useEffect(() => {
    const look = () => void listAudio(kind).then(setDevices);
    look();
    navigator.mediaDevices?.addEventListener?.("devicechange", look);
    return () => navigator.mediaDevices?.removeEventListener?.("devicechange", look);
  }, [kind, asked]);
  return devices;
}

interface PickProps {
  label: string;
  devices: AudioDevice[];
  value: string;
  onValue: (id: string) => void;
  testId: string;
}

function Pick({ label, devices, value, onValue, testId }: PickProps) {
  const t = useWords("phone");
  const known = devices.some((device) => device.id === value);
  const options = devices.map((device, index) => ({ value: device.id, label: device.label || t("device_unnamed", { n: index + 1 }) }));
  return <NativeSelect label={label} data={[{ value: "", label: t("device_default") }, ...options]} value={known ? value : ""} onChange={(event) => onValue(event.currentTarget.value)} data-testid={testId} />;
}

/** Louder than the noise of a quiet room. */
const HEARD = 0.35;

function Level({ input, state, onState }: { input: string; state: Microphone; onState: (state: Microphone) => void }) {
  const t = useWords("phone");
  const bar = useRef<HTMLDivElement>(null);
  const [heard, setHeard] = useState(false);
  useEffect(() => {
    if (state !== "on") return;
    let over = false;
    let stop = () => undefined as void;
    let frame = 0;
    openMicrophone(input).then(
      (stream) => {
        const level = levelOf(stream);
        stop = level.stop;
        if (over) return stop();
        const draw = () => {
          const loud = level.read();
          bar.current?.style.setProperty("--level", `${Math.round(loud * 100)}%`);
          bar.current?.setAttribute("aria-valuenow", String(Math.round(loud * 100)));
          if (loud > HEARD) setHeard(true);
          frame = requestAnimationFrame(draw);
        };
        draw();
      },
      (error: DOMException) => over || onState(error.name === "NotFoundError" || error.name === "OverconstrainedError" ? "missing" : "refused"),
    );
    return () => {
      over = true;
      cancelAnimationFrame(frame);
      stop();
    };
  }, [state, input, onState]);
  const begin = () => {
    setHeard(false);
    onState(state === "on" ? "off" : "on");
  };
  return (
    <div>
      <Group gap="sm">
        <Button size="compact-md" variant="default" onClick={begin} data-testid="device-check-start">
          {t(state === "on" ? "check_stop" : "check_start")}
        </Button>
        <div ref={bar} className={classes["level"]} role="meter" aria-label={t("level")} aria-valuemin={0} aria-valuemax={100} aria-valuenow={0} data-testid="device-level" />
      </Group>
      <Text size="sm" c="dimmed" mt={4} role="status" data-testid="device-check-state" data-state={state}>
        {state === "on" ? (heard ? t("level_heard") : t("level_silent")) : state === "refused" ? t("microphone_refused_body") : state === "missing" ? t("no_microphone") : t("level_hint")}
      </Text>
    </div>
  );
}

function Tone({ output }: { output: string }) {
  const t = useWords("phone");
  const [failed, setFailed] = useState(false);
  return (
    <Group gap="sm">
      <Button
        size="compact-md"
        variant="default"
        onClick={() =>
          void playTone(output).then(
            () => setFailed(false),
            () => setFailed(true),
          )
        }
        data-testid="device-tone"
      >
        {t("tone")}
      </Button>
      {failed ? (
        <Text size="sm" role="alert">
          {t("tone_failed")}
        </Text>
      ) : null}
    </Group>
  );
}
