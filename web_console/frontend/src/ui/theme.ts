import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from "@mantine/core";

/** The one accent: a deep teal. Shade 8 is the filled one, so that white words on it hold 4.5 : 1. */
const teal: MantineColorsTuple = [
  "#e9f6f6",
  "#d6eaeb",
  "#abd4d6",
  "#7dbdc0",
  "#57a9ad",
  "#3f9ca1",
  "#2f959a",
  "#1d8287",
  "#0b5f66",
  "#064f55",
];

/** Mantine's greys of the dark scheme (words, rules, fields, grounds), in the tone of our tokens. */
const dark: MantineColorsTuple = [
  "#e8edef",
  "#c3ccd0",
  "#a9b5bb",
  "#7b878e",
  "#37434a",
  "#2d383e",
  "#232d32",
  "#1a2226",
  "#161d20",
  "#12181b",
];

export const theme = createTheme({
  colors: { teal, dark },
  primaryColor: "teal",
  primaryShade: 8,
  defaultRadius: 8,
  fontFamily: "var(--font)",
  fontSizes: { xs: "0.75rem", sm: "0.875rem", md: "0.875rem", lg: "1rem", xl: "1.25rem" },
  cursorType: "pointer",
  respectReducedMotion: true,
  components: {
    // The modal's title is a heading inside the dialog; a second banner landmark there is an axe finding.
    ModalHeader: { defaultProps: { role: "presentation" } },
    DrawerHeader: { defaultProps: { role: "presentation" } },
    // A slip of the hand beside a form must not throw away what is written in it.
    Modal: { defaultProps: { closeOnClickOutside: false } },
    Tooltip: { defaultProps: { openDelay: 400, withArrow: true } },
  },
});

/** Mantine's own variables follow our tokens, so a component of theirs and a plain row of ours look the same. */
export const variables: CSSVariablesResolver = () => {
  const shared = {
    "--mantine-color-body": "var(--surface)",
    "--mantine-color-text": "var(--ink)",
    "--mantine-color-dimmed": "var(--ink-2)",
    "--mantine-color-default-border": "var(--rule)",
    "--mantine-color-anchor": "var(--accent-text)",
    "--mantine-color-error": "var(--imminent-text)",
    "--mantine-color-placeholder": "var(--ink-2)",
  };
  // The edges of fields, radios and boxes: 3 : 1 on every ground, so that an empty one is seen as well.
  const light = { ...shared, "--mantine-color-gray-4": "var(--rule-strong)" };
  const dark = { ...shared, "--mantine-color-default": "var(--surface-2)", "--mantine-color-dark-4": "var(--rule-strong)" };
  return { variables: {}, light, dark };
};
