import type { Schemas } from "../wire/schema";
import type { Key } from "../words/areas";
import { type Language, type Say, useLanguage, useWords } from "../words/words";
import { running, secondsSince, useSecond } from "./clock";

export type Next = Schemas["NextView"];

/** Nearer than this it runs down; further away the time of day says more. */
const RUNNING_SECONDS = 600;
const DAY_SECONDS = 86_400;

/** "supervisors are told at 03:12": what happens by itself, and when, and who has it in hand until then. */
export function NextStep({ next, owner = true, className }: { next: Next | null; owner?: boolean; className?: string | undefined }) {
  const t = useWords("next");
  const language = useLanguage();
  const now = useSecond();
  if (!next) return null;
  const said = sentence(t, next, now, language);
  const who = owner && next.who && next.what !== "in_conversation" ? t("in_hand", { name: next.who.name }) : null;
  return (
    <span className={`tabular ${className ?? ""}`} data-testid="next-step" data-what={next.what}>
      {[said, who].filter(Boolean).join(" · ")}
    </span>
  );
}

export function sentence(t: Say<"next">, next: Next, now: number, language: Language): string {
  const when = next.at === null ? "" : whenWord(t, next.at, now, language);
  const values = { when, name: next.who?.name ?? t("somebody") };
  const key = next.what as Key<"next">;
  const word = t(key, values);
  // A code that this page does not know yet (the server is newer): still when, and that something happens.
  return word === key ? t("something", values) : word;
}

export function whenWord(t: Say<"next">, at: string, now: number, language: Language): string {
  const left = -secondsSince(at, now);
  if (left <= 0) return t("when_now");
  if (left < RUNNING_SECONDS) return t("when_in", { time: running(left) });
  const moment = new Date(at);
  const time = moment.toLocaleTimeString(language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  if (left < DAY_SECONDS && moment.getDate() === new Date(now * 1000).getDate()) return t("when_at", { time });
  const day = moment.toLocaleDateString(language === "zh" ? "zh-CN" : "en-GB", { month: "short", day: "numeric" });
  return t("when_on", { day, time });
}
