import { ActionIcon, Button } from "@mantine/core";
import { useRef, useState } from "react";
import type { Listening } from "../../data/recordings";
import { running } from "../../ui/clock";
import { Icon } from "../../ui/Icon";
import { useWords } from "../../words/words";
import classes from "./recordings.module.css";

const SPEEDS = [1, 1.5, 2, 0.75];

/** Plays what was opened by a reason. There is nothing to save it with: the sound is streamed and kept by no cache. */
export function Player({ listening }: { listening: Listening }) {
  const t = useWords("recordings");
  const audio = useRef<HTMLAudioElement>(null);
  const [playing, setPlaying] = useState(false);
  const [failed, setFailed] = useState(false);
  const [at, setAt] = useState(0);
  const [length, setLength] = useState(listening.seconds ?? 0);
  const [speed, setSpeed] = useState(0);
  const toggle = () => (playing ? audio.current?.pause() : void audio.current?.play().catch(() => setFailed(true)));
  const faster = () => {
    const next = (speed + 1) % SPEEDS.length;
    setSpeed(next);
    if (audio.current) audio.current.playbackRate = SPEEDS[next] ?? 1;
  };
  return (
    <>
      <div className={classes["player"]} data-testid="recording-player">
        <audio
          ref={audio}
          src={listening.audio}
          preload="metadata"
          onPlay={() => setPlaying(true)}
          onPause={() => setPlaying(false)}
          onTimeUpdate={(event) => setAt(event.currentTarget.currentTime)}
          onLoadedMetadata={(event) => Number.isFinite(event.currentTarget.duration) && setLength(event.currentTarget.duration)}
          onError={() => setFailed(true)}
        />
        <ActionIcon variant="default" onClick={toggle} aria-label={t(playing ? "stop" : "play")} data-testid="recording-play">
          <Icon name={playing ? "hold" : "resume"} size={16} />
        </ActionIcon>
        <input
          type="range"
          min={0}
          max={Math.max(1, Math.round(length))}
          value={Math.round(at)}
          aria-label={t("position")}
          aria-valuetext={running(Math.round(at))}
          onChange={(event) => {
            if (audio.current) audio.current.currentTime = Number(event.currentTarget.value);
          }}
        />
        <span className="tabular">
          {running(Math.round(at))} / {running(Math.round(length))}
        </span>
        <Button size="compact-xs" variant="default" onClick={faster}>
          {t("speed", { n: SPEEDS[speed] ?? 1 })}
        </Button>
      </div>
      {failed ? (
        <p className={classes["warns"]} role="alert">
          {t("not_playing")}
        </p>
      ) : null}
    </>
  );
}
