import { ActionIcon, Button, Group, Popover, Slider, Text } from "@mantine/core";
import { useState } from "react";
import { Icon } from "../../ui/Icon";
import { play, setVolume, type Sound, unlock, useSoundBlocked, useVolumes } from "../../ui/sounds";
import { useWords } from "../../words/words";
import classes from "./StatusBar.module.css";

const SOUNDS: readonly Sound[] = ["offer", "message", "alert"];

/** Volumes apart, with a test; as long as the browser blocks sound, a warning in its place. */
export function SoundMenu() {
  const t = useWords("shell");
  const words = useWords("ui");
  const blocked = useSoundBlocked();
  if (blocked) {
    return (
      <button type="button" className={classes["blocked"]} onClick={unlock} data-testid="sound-blocked" title={words("sound_blocked")} aria-label={words("sound_blocked")}>
        <Icon name="bellOff" size={16} />
        <span>{words("sound_blocked")}</span>
      </button>
    );
  }
  return (
    <Popover position="bottom-end" shadow="md" trapFocus>
      <Popover.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={t("sounds")} data-testid="sound-menu">
          <span className={classes["ink"]}>
            <Icon name="bell" size={17} />
          </span>
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown>
        <div className={classes["form"]}>
          <Text fw={600}>{t("sounds_title")}</Text>
          {SOUNDS.map((sound) => (
            <Volume key={sound} sound={sound} />
          ))}
          <Notifications />
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}

function Volume({ sound }: { sound: Sound }) {
  const t = useWords("ui");
  const volumes = useVolumes();
  const name = t(`sound_${sound}`);
  return (
    <div>
      <Group justify="space-between" gap="xs">
        <Text size="sm">{name}</Text>
        <Button size="compact-xs" variant="default" onClick={() => play(sound)} aria-label={`${t("sound_test")}: ${name}`}>
          {t("sound_test")}
        </Button>
      </Group>
      <Slider
        value={Math.round(volumes[sound] * 100)}
        onChange={(value) => setVolume(sound, value / 100)}
        label={(value) => (value === 0 ? t("sound_off") : `${value}%`)}
        thumbLabel={name}
        mt={6}
      />
    </div>
  );
}

function Notifications() {
  const t = useWords("shell");
  const supported = typeof Notification !== "undefined";
  const [permission, setPermission] = useState(supported ? Notification.permission : "denied");
  return (
    <div>
      <Text size="sm">{t("notify")}</Text>
      {permission === "default" ? (
        <Button size="compact-xs" variant="default" mt={4} onClick={() => void Notification.requestPermission().then(setPermission)}>
          {t("notify_allow")}
        </Button>
      ) : (
        <Text size="sm" c="dimmed">
          {permission === "granted" ? t("notify_allowed") : t("notify_denied")}
        </Text>
      )}
    </div>
  );
}
