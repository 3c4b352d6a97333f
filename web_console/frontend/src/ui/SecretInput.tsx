import { PasswordInput, type PasswordInputProps } from "@mantine/core";
import { useWords } from "../words/words";

/** A password's field, whose eye is called in the reader's language. */
export function SecretInput(props: PasswordInputProps) {
  const t = useWords("ui");
  return <PasswordInput visibilityToggleButtonProps={{ "aria-label": t("show_password") }} {...props} />;
}
