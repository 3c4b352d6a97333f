import { Alert, Anchor, Button, Modal, Paper, Stack, TextInput, Title } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { signIn, signOut, useSession } from "../../data/session";
import { SecretInput } from "../../ui/SecretInput";
import { useExplain } from "../../ui/states";
import { LanguageSwitch, SchemeSwitch } from "../../ui/switches";
import { Problem } from "../../wire/problem";
import { useWords } from "../../words/words";
import classes from "./SignIn.module.css";

export function SignIn() {
  const t = useWords("shell");
  return (
    <div className={classes["page"]}>
      <header className={classes["switches"]}>
        <LanguageSwitch />
        <SchemeSwitch />
      </header>
      <main className={classes["main"]}>
        <Paper withBorder className={classes["card"]!}>
          <Title order={1} size={22}>
            {t("service")}
          </Title>
          <p className={classes["intro"]}>{t("sign_in_intro")}</p>
          <SignInForm />
        </Paper>
        <Anchor href="/chat" size="sm">
          {t("for_help")}
        </Anchor>
      </main>
    </div>
  );
}

/** Over the open console: nothing behind it is lost, and its socket goes on as long as it holds. */
export function SignInAgain() {
  const t = useWords("shell");
  const expired = useSession((session) => session.expired);
  const username = useSession((session) => session.user?.username);
  return (
    <Modal opened={expired} onClose={() => undefined} withCloseButton={false} title={t("expired")} centered closeOnEscape={false} closeOnClickOutside={false} zIndex={1000}>
      <p>{t("expired_body")}</p>
      <SignInForm {...(username ? { username } : {})} />
      <Button variant="subtle" color="gray" fullWidth mt="xs" onClick={() => void signOut()}>
        {t("sign_out")}
      </Button>
    </Modal>
  );
}

function SignInForm({ username }: { username?: string }) {
  const t = useWords("shell");
  const { busy, error, codeNeeded, submit } = useSignIn();
  return (
    <form onSubmit={submit} data-testid="sign-in-form">
      <Stack gap="md">
        {error ? (
          <Alert color="gray" role="alert" data-testid="sign-in-error">
            {error}
          </Alert>
        ) : null}
        <TextInput name="username" label={t("username")} defaultValue={username} autoComplete="username" required autoFocus={!username} data-testid="sign-in-username" />
        <SecretInput name="password" label={t("password")} autoComplete="current-password" required autoFocus={username !== undefined} data-testid="sign-in-password" />
        {codeNeeded ? (
          <TextInput name="code" label={t("code")} description={t("code_help")} inputMode="numeric" autoComplete="one-time-code" required autoFocus data-testid="sign-in-code" />
        ) : null}
        <Button type="submit" loading={busy} data-testid="sign-in-submit">
          {t("sign_in")}
        </Button>
      </Stack>
    </form>
  );
}

function useSignIn() {
  const t = useWords("shell");
  const explain = useExplain();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const [codeNeeded, setCodeNeeded] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const field = (name: string) => String(form.get(name) ?? "").trim();
    setBusy(true);
    setError(null);
    try {
      await signIn(field("username"), String(form.get("password") ?? ""), field("code") || undefined);
    } catch (cause) {
      if (cause instanceof Problem && cause.code === "code_needed") return setCodeNeeded(true);
      setError(cause instanceof Problem && cause.code === "wrong_credentials" ? t("wrong_credentials") : explain(cause));
    } finally {
      setBusy(false);
    }
  };
  return { busy, error, codeNeeded, submit: (event: FormEvent<HTMLFormElement>) => void submit(event) };
}
