import { Button, Popover, Text } from "@mantine/core";
import { useEffect, useState } from "react";
import { holdCaller } from "../../data/callCommands";
import { canAct, canHold, canTransfer } from "../../data/calls";
import type { Contact } from "../../data/contacts";
import { usePhone } from "../../data/phone";
import { mutePhone, pressKeys } from "../../data/phoneLine";
import { useAct } from "../../ui/act";
import { Icon, type IconName } from "../../ui/Icon";
import { useWords } from "../../words/words";
import classes from "./Call.module.css";
import { CallAddParty } from "./CallAddParty";
import { CallTransfer } from "./CallTransfer";
import { AskSupervisor, EndConversation } from "./dialogs";

type Opened = "add" | "transfer" | "help" | "end";

/** What the counselor can do. Mute and keys are the browser's own: at a telephone of its own they are on that telephone. */
export function CallControls({ contact }: { contact: Contact }) {
  const t = useWords("phone");
  const [opened, setOpened] = useState<Opened | null>(null);
  const { act, busy } = useAct();
  const held = contact.call?.on_hold === true && contact.call.hold_why === "hold";
  const hold = () => void act(() => holdCaller(contact.id, !held));
  const close = () => setOpened(null);
  useCallKeys(canHold(contact) ? hold : null);
  return (
    <div className={classes["controls"]}>
      <Control icon={held ? "resume" : "hold"} label={t(held ? "resume" : "hold")} pressed={held} disabled={busy || !canHold(contact)} onClick={hold} testId="call-hold" />
      <BrowserControls />
      <Control icon="addPerson" label={t("add")} disabled={!canAct(contact)} onClick={() => setOpened("add")} testId="call-add" />
      <Control icon="transfer" label={t("transfer")} disabled={!canTransfer(contact)} onClick={() => setOpened("transfer")} testId="call-transfer" />
      <Control icon="help" label={t("help")} onClick={() => setOpened("help")} testId="call-help" />
      <Button className={classes["hangUp"]!} size="sm" variant="default" leftSection={<Icon name="hangUp" size={18} />} onClick={() => setOpened("end")} data-testid="hang-up">
        {t("hang_up")}
      </Button>
      <CallAddParty contact={contact} opened={opened === "add"} onClose={close} />
      <CallTransfer contact={contact} opened={opened === "transfer"} onClose={close} />
      <AskSupervisor contact={contact} opened={opened === "help"} onClose={close} />
      <EndConversation contact={contact} opened={opened === "end"} onClose={close} />
    </div>
  );
}

interface ControlProps {
  icon: IconName;
  label: string;
  pressed?: boolean;
  disabled?: boolean;
  onClick: () => void;
  testId: string;
}

function Control({ icon, label, pressed, disabled = false, onClick, testId }: ControlProps) {
  return (
    <Button size="sm" variant="default" leftSection={<Icon name={icon} size={18} />} disabled={disabled} onClick={onClick} data-testid={testId} {...(pressed === undefined ? {} : { "aria-pressed": pressed })}>
      {label}
    </Button>
  );
}

function BrowserControls() {
  const t = useWords("phone");
  const { talk, muted } = usePhone();
  if (talk !== "open" && talk !== "reconnecting") return null;
  return (
    <>
      <Control icon={muted ? "micOff" : "mic"} label={t(muted ? "unmute" : "mute")} pressed={muted} onClick={() => mutePhone(!muted)} testId="call-mute" />
      <Keypad />
    </>
  );
}

const KEYS = [..."123456789*0#"];

function Keypad() {
  const t = useWords("phone");
  const [pressed, setPressed] = useState("");
  const press = (key: string) => {
    pressKeys(key);
    setPressed((before) => (before + key).slice(-16));
  };
  return (
    <Popover position="top" shadow="md" trapFocus onClose={() => setPressed("")}>
      <Popover.Target>
        <Button size="sm" variant="default" leftSection={<Icon name="keypad" size={18} />} data-testid="call-keypad">
          {t("keypad")}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={t("keypad_title")}>
        <Text size="sm" c="dimmed" maw={170}>
          {t("keypad_hint")}
        </Text>
        <Text className="tabular" size="lg" mih={28} aria-live="polite" data-testid="keypad-pressed">
          {pressed}
        </Text>
        <div className={classes["keys"]}>
          {KEYS.map((key) => (
            <Button key={key} variant="default" px={0} onClick={() => press(key)} data-testid={`key-${key}`}>
              {key}
            </Button>
          ))}
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}

/** Alt-M mutes and unmutes, Alt-H holds and resumes: by key position, as elsewhere on the desk. */
function useCallKeys(hold: (() => void) | null): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (!event.altKey || event.ctrlKey || event.metaKey || event.repeat) return;
      if (event.code === "KeyH" && hold) {
        event.preventDefault();
        hold();
      } else if (event.code === "KeyM" && usePhone.getState().talk === "open") {
        event.preventDefault();
        mutePhone(!usePhone.getState().muted);
      }
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, [hold]);
}
