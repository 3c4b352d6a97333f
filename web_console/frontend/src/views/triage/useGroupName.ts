import words from "../../words/zh-CN/triage";
import { useWords } from "../../words/words";

type Named<P extends string> = Extract<keyof typeof words, `${P}_${string}`>;

/** `zh.chat` → "Chinese, chat". */
export function useGroupName(): (code: string) => string {
  const t = useWords("triage");
  return (code) => {
    const [lang = "", channel = ""] = code.split(".");
    const language = `lang_${lang}` in words ? t(`lang_${lang}` as Named<"lang">) : lang;
    const way = `channel_${channel}` in words ? t(`channel_${channel}` as Named<"channel">) : channel;
    return `${language} · ${way}`;
  };
}
