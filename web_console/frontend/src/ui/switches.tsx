import { ActionIcon, useMantineColorScheme } from "@mantine/core";
import { setLanguage, useLanguage, useWords } from "../words/words";
import { Icon } from "./Icon";

/** The button is written in the language it leads to. */
export function LanguageSwitch() {
  const t = useWords("ui");
  const language = useLanguage();
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      w="auto"
      px={8}
      onClick={() => setLanguage(language === "zh" ? "en" : "zh")}
      aria-label={t("language_switch_label")}
      data-testid="language-switch"
    >
      <span style={{ fontSize: 13, fontWeight: 600, color: "var(--ink)" }}>{t("language_switch")}</span>
    </ActionIcon>
  );
}

const NEXT = { auto: "light", light: "dark", dark: "auto" } as const;
const ICON = { auto: "auto", light: "sun", dark: "moon" } as const;

/** System → light → dark → system. */
export function SchemeSwitch() {
  const t = useWords("ui");
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const label = t("scheme_label", { scheme: t(`scheme_${colorScheme}`) });
  return (
    <ActionIcon variant="subtle" color="gray" onClick={() => setColorScheme(NEXT[colorScheme])} aria-label={label} title={label} data-testid="scheme-switch">
      <span style={{ color: "var(--ink)", display: "inline-flex" }}>
        <Icon name={ICON[colorScheme]} size={17} />
      </span>
    </ActionIcon>
  );
}
