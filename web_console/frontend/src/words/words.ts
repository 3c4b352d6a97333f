import i18next from "i18next";
import { initReactI18next, useTranslation } from "react-i18next";
import type { Areas, Key } from "./areas";

export type Language = "zh" | "en";

const STORED = "hotline.language";
const LOCALE = { zh: "zh-CN", en: "en" } as const;

/** Chosen here before, else the browser's. */
export function preferredLanguage(): Language {
  const stored = read();
  if (stored === "zh" || stored === "en") return stored;
  return navigator.languages.some((tag) => tag.toLowerCase().startsWith("zh")) || navigator.languages.length === 0 ? "zh" : "en";
}

type Modules = Record<string, { default: Record<string, string> }>;

/** Start with word files named `…/zh-CN/<area>.ts` and `…/en/<area>.ts` (what `import.meta.glob` gives). */
export function startWords(modules: Modules, language: Language = preferredLanguage()): void {
  const resources: Record<string, Record<string, Record<string, string>>> = { "zh-CN": {}, en: {} };
  for (const [path, module] of Object.entries(modules)) {
    const [, locale, area] = /(zh-CN|en)\/(\w+)\.ts$/.exec(path) ?? [];
    if (locale && area) resources[locale]![area] = module.default;
  }
  void i18next.use(initReactI18next).init({
    resources,
    lng: LOCALE[language],
    fallbackLng: false,
    defaultNS: "ui",
    keySeparator: false,
    nsSeparator: false,
    interpolation: { escapeValue: false },
    initAsync: false,
  });
  i18next.on("languageChanged", (tag) => (document.documentElement.lang = tag));
  document.documentElement.lang = LOCALE[language];
}

export function setLanguage(language: Language): void {
  try {
    localStorage.setItem(STORED, language);
  } catch {
    // A private window may forbid storage: the choice then lasts as long as the page.
  }
  void i18next.changeLanguage(LOCALE[language]);
}

function read(): string | null {
  try {
    return localStorage.getItem(STORED);
  } catch {
    return null;
  }
}

export const currentLanguage = (): Language => (i18next.language === "en" ? "en" : "zh");

export type Say<A extends keyof Areas> = (key: Key<A>, values?: Record<string, string | number>) => string;

/** The words of one area: `const t = useWords("chat"); t("send")`. Keys are checked by the compiler. */
export function useWords<A extends keyof Areas>(area: A): Say<A> {
  const { i18n } = useTranslation();
  // The keys are checked by `Say`; i18next's own checking of them is put aside.
  const plain = i18n as unknown as { t: (key: string, options: object) => string };
  return (key, values) => plain.t(key, { ns: area, ...values });
}

export function useLanguage(): Language {
  const { i18n } = useTranslation();
  return i18n.language === "en" ? "en" : "zh";
}

/** Pick the side of a pair that the server sends in both languages (`label_zh`/`label_en` or `zh`/`en`). */
export function usePick(): (pair: object, field?: string) => string {
  const language = useLanguage();
  return (pair, field) => {
    const values = pair as Record<string, string | null | undefined>;
    const name = (tongue: Language) => (field ? `${field}_${tongue}` : tongue);
    return values[name(language)] ?? values[name(language === "zh" ? "en" : "zh")] ?? "";
  };
}
