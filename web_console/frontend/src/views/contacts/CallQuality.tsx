import { isMicrophoneSilent, usePhone, verdict } from "../../data/phone";
import { Icon } from "../../ui/Icon";
import { useWords } from "../../words/words";
import classes from "./Call.module.css";

/** The network as the browser measures it; nothing while there is no call in the browser. */
export function CallQuality() {
  const t = useWords("phone");
  const { talk, quality } = usePhone();
  if (talk !== "open" && talk !== "reconnecting") return null;
  const how = verdict(quality);
  const measured = quality.rtt !== null && quality.mos !== null ? t("quality_detail", { rtt: quality.rtt, mos: quality.mos.toFixed(1) }) : "";
  const silent = isMicrophoneSilent(quality);
  return (
    <span className={classes["quality"]} data-quality={how} data-testid="call-quality" title={[measured, how === "poor" ? t("quality_poor_hint") : ""].filter(Boolean).join("\n")}>
      <Icon name="signal" size={15} label={t("quality")} />
      <span role="status">
        {t(`quality_${how}`)}
        {silent ? ` · ${t("microphone_silent")}` : ""}
      </span>
    </span>
  );
}
