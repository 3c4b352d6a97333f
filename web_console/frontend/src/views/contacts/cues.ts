import words from "../../words/zh-CN/triage";
import { useWords } from "../../words/words";

type Named = Extract<keyof typeof words, `cue_${string}`>;

/** The reasons of the additive model: an estimate from the wording, shown weaker than what a rule found. */
export const MODEL = "model";

/** The name of a class of cues; an operator's own class, which has none here, by its code. */
export function useCueName(): (cue: string) => string {
  const t = useWords("triage");
  return (cue) => (`cue_${cue}` in words ? t(`cue_${cue}` as Named) : cue.replaceAll("_", " "));
}
