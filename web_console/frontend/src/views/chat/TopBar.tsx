import { NUMBERS_WITHOUT_SERVER, type PublicInfo, type PublicNumber } from "../../data/chat";
import { Icon } from "../../ui/Icon";
import { setScheme, useScheme } from "../../ui/scheme";
import { setLanguage, useLanguage, usePick, useWords } from "../../words/words";
import classes from "./chat.module.css";

const NEXT = { auto: "light", light: "dark", dark: "auto" } as const;
const ICON = { auto: "auto", light: "sun", dark: "moon" } as const;

/** Always on top: the way out, and the numbers. */
export function TopBar({ info, onLeave }: { info: PublicInfo | null; onLeave: () => void }) {
  const t = useWords("chat");
  return (
    <header className={classes["top"]}>
      <div className={classes["topRow"]}>
        <Switches />
        <button type="button" className={classes["leave"]} onClick={onLeave} title={t("leave_hint")} data-testid="quick-exit">
          <Icon name="leave" size={18} />
          {t("leave_quickly")}
        </button>
      </div>
      <div className={classes["danger"]}>
        <strong>{t("danger_now")}</strong>
        <Numbers numbers={info?.numbers ?? NUMBERS_WITHOUT_SERVER} />
      </div>
    </header>
  );
}

export function Numbers({ numbers }: { numbers: readonly PublicNumber[] }) {
  const t = useWords("chat");
  const pick = usePick();
  return (
    <ul className={classes["numbers"]} aria-label={t("numbers")}>
      {numbers.map((one) => (
        <li key={one.number}>
          <a href={`tel:${one.number}`} aria-label={t("danger_call", { label: pick(one, "label"), number: one.number })} data-testid="emergency-number">
            <b>{one.number}</b>
            <span>{pick(one, "label")}</span>
          </a>
        </li>
      ))}
    </ul>
  );
}

function Switches() {
  const t = useWords("ui");
  const language = useLanguage();
  const scheme = useScheme();
  return (
    <div className={classes["switches"]}>
      <button type="button" className={classes["quiet"]} onClick={() => setLanguage(language === "zh" ? "en" : "zh")} aria-label={t("language_switch_label")} data-testid="language-switch">
        {t("language_switch")}
      </button>
      <button
        type="button"
        className={classes["quiet"]}
        onClick={() => setScheme(NEXT[scheme])}
        aria-label={t("scheme_label", { scheme: t(`scheme_${scheme}`) })}
        data-testid="scheme-switch"
      >
        <Icon name={ICON[scheme]} size={18} />
      </button>
    </div>
  );
}
