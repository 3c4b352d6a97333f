import { Anchor, Button, Group, Modal, Stack, Text, TextInput, Title } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { beginSecondFactor, changePassword, confirmSecondFactor, dropSecondFactor, grouped, type SecondFactor } from "../../data/account";
import { useUser } from "../../data/session";
import { useAct } from "../../ui/act";
import { SecretInput } from "../../ui/SecretInput";
import { useWords } from "../../words/words";

/** One's own password and second factor. */
export function OwnAccount({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const t = useWords("shell");
  const words = useWords("ui");
  return (
    <Modal opened={opened} onClose={onClose} title={t("own_account")} centered closeButtonProps={{ "aria-label": words("close") }} data-testid="own-account">
      <Stack gap="xl">
        <SecondFactorPart />
        <PasswordPart />
      </Stack>
    </Modal>
  );
}

function PasswordPart() {
  const t = useWords("shell");
  const [current, setCurrent] = useState("");
  const [wanted, setWanted] = useState("");
  const [changed, setChanged] = useState(false);
  const { act, busy } = useAct();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!(await act(() => changePassword(current, wanted)))) return;
    setCurrent("");
    setWanted("");
    setChanged(true);
  };
  return (
    <form onSubmit={(event) => void submit(event)}>
      <Stack gap="sm">
        <Title order={2} size={16}>
          {t("password_change")}
        </Title>
        <SecretInput label={t("password_current")} value={current} onChange={(event) => setCurrent(event.currentTarget.value)} autoComplete="current-password" data-testid="password-current" />
        <SecretInput
          label={t("password_new")}
          description={t("password_new_hint")}
          value={wanted}
          onChange={(event) => setWanted(event.currentTarget.value)}
          autoComplete="new-password"
          data-testid="password-new"
        />
        {changed ? <Text role="status">{t("password_changed")}</Text> : null}
        <Button type="submit" variant="default" loading={busy} disabled={current === "" || wanted === ""} data-testid="password-save">
          {t("password_change")}
        </Button>
      </Stack>
    </form>
  );
}

function SecondFactorPart() {
  const t = useWords("shell");
  const user = useUser();
  const [secret, setSecret] = useState<SecondFactor | null>(null);
  return (
    <section>
      <Stack gap="sm">
        <Title order={2} size={16}>
          {t("factor")}
        </Title>
        <Text data-testid="factor-state" data-state={user.second_factor ? "on" : "off"}>
          {t(user.second_factor ? "factor_on" : "factor_off")}
        </Text>
        {secret && !user.second_factor ? <Confirming secret={secret} /> : <Beginning has={user.second_factor} onSecret={setSecret} />}
      </Stack>
    </section>
  );
}

/** The password once more: an unwatched desk must not be enough. */
function Beginning({ has, onSecret }: { has: boolean; onSecret: (secret: SecondFactor | null) => void }) {
  const t = useWords("shell");
  const [password, setPassword] = useState("");
  const { act, busy } = useAct();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (await act(async () => onSecret(has ? (await dropSecondFactor(password), null) : await beginSecondFactor(password)))) setPassword("");
  };
  return (
    <form onSubmit={(event) => void submit(event)}>
      <Stack gap="sm">
        <SecretInput label={t("password_current")} value={password} onChange={(event) => setPassword(event.currentTarget.value)} autoComplete="current-password" data-testid="factor-password" />
        <Button type="submit" variant={has ? "default" : "filled"} loading={busy} disabled={password === ""} data-testid={has ? "factor-drop" : "factor-begin"}>
          {t(has ? "factor_drop" : "factor_begin")}
        </Button>
      </Stack>
    </form>
  );
}

function Confirming({ secret }: { secret: SecondFactor }) {
  const t = useWords("shell");
  const [code, setCode] = useState("");
  const { act, busy } = useAct();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void act(() => confirmSecondFactor(code.trim()));
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <Text>{t("factor_type")}</Text>
        <Text ff="monospace" fw={600} data-testid="factor-secret">
          {grouped(secret.secret)}
        </Text>
        <Anchor href={secret.address} size="sm">
          {t("factor_open")}
        </Anchor>
        <Group align="flex-end" wrap="nowrap">
          <TextInput label={t("code")} description={t("code_help")} value={code} onChange={(event) => setCode(event.currentTarget.value)} inputMode="numeric" autoComplete="one-time-code" maxLength={7} data-testid="factor-code" />
          <Button type="submit" loading={busy} disabled={!/^\d{3} ?\d{3}$/.test(code.trim())} data-testid="factor-confirm">
            {t("factor_confirm")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
