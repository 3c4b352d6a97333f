import { Alert, Button, Group, Modal, Radio, Stack, Text, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { type Phone, ringsHere, usePhone } from "../../data/phone";
import { changePhone } from "../../data/phoneLine";
import { useAct } from "../../ui/act";
import { useWords } from "../../words/words";
import { DeviceCheck } from "./DeviceCheck";
import { phoneWords } from "./PhoneButton";

/** How calls reach one, and whether microphone and loudspeaker work. */
export function PhoneDialog({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const t = useWords("phone");
  const words = useWords("ui");
  const phone = usePhone();
  const own = phone.own;
  if (!own) return null;
  return (
    <Modal opened={opened} onClose={onClose} title={t("phone")} centered closeButtonProps={{ "aria-label": words("close") }} data-testid="phone-dialog">
      <Stack gap="lg">
        <Text role="status" fw={600} data-testid="phone-state">
          {phoneWords(t, phone)}
        </Text>
        <Explained own={own} />
        {own.kind === "simulated" ? null : <Choice own={own} />}
        {ringsHere(own) || own.kind === "simulated" ? <DeviceCheck /> : null}
      </Stack>
    </Modal>
  );
}

function Explained({ own }: { own: Phone }) {
  const t = useWords("phone");
  const { registration, microphoneRefused } = usePhone();
  const body =
    own.kind === "simulated"
      ? t("phone_simulated_body")
      : own.kind === "none"
        ? t("phone_none_body")
        : registration === "unsupported"
          ? t("phone_unsupported_body")
          : microphoneRefused
            ? t("microphone_refused_body")
            : null;
  return body ? (
    <Alert color="gray" variant="light">
      {body}
    </Alert>
  ) : null;
}

type Way = "browser" | "number" | "both";

function Choice({ own }: { own: Phone }) {
  const t = useWords("phone");
  const [way, setWay] = useState<Way>(own.kind === "both" ? "both" : own.kind === "number" || !own.browser ? "number" : "browser");
  const { act } = useAct();
  const choose = (wanted: Way) => {
    setWay(wanted);
    if (wanted === "browser" && own.number_masked) void act(() => changePhone({ kind: "browser" }));
  };
  return (
    <div>
      <Radio.Group label={t("how")} value={way} onChange={(value) => choose(value as Way)}>
        <Stack gap={8} mt={6}>
          <Radio value="browser" label={t("by_browser")} disabled={!own.browser} {...(own.browser ? {} : { description: t("by_browser_unset") })} data-testid="phone-by-browser" />
          <Radio value="number" label={t("by_number")} data-testid="phone-by-number" />
          <Radio value="both" label={t("by_both")} disabled={!own.browser} data-testid="phone-by-both" />
        </Stack>
      </Radio.Group>
      {way === "browser" ? null : <NumberForm own={own} kind={way} />}
    </div>
  );
}

function NumberForm({ own, kind }: { own: Phone; kind: "number" | "both" }) {
  const t = useWords("phone");
  const [number, setNumber] = useState("");
  const { act, busy } = useAct();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (await act(() => changePhone({ kind, number: number.trim() || null }))) setNumber("");
  };
  return (
    <form onSubmit={(event) => void submit(event)}>
      <Stack gap={8} mt="sm">
        {own.kind === kind ? (
          <Text size="sm" role="status" data-testid="phone-number-now">
            {t("number_now", { number: own.number_masked ?? "" })}
          </Text>
        ) : null}
        <TextInput
          label={t("number")}
          description={own.number_masked ? t("number_kept", { number: own.number_masked }) : t("number_hint")}
          value={number}
          onChange={(event) => setNumber(event.currentTarget.value)}
          maxLength={40}
          inputMode="tel"
          autoComplete="off"
          data-testid="phone-number"
        />
        <Text size="sm" c="dimmed">
          {t("number_key_hint")}
        </Text>
        <Group justify="flex-end">
          <Button type="submit" variant="default" loading={busy} disabled={number.trim() ? number.trim().length < 8 : !own.number_masked || own.kind === kind} data-testid="phone-number-save">
            {t("use_number")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
