import { type DutyRing, dutyOf, gapsWithin, ringOf } from "../../data/duty";
import { useKnown } from "../../data/store";
import { useSecond } from "../../ui/clock";
import { useLanguage, useWords } from "../../words/words";
import { dayAndHour, hour } from "./times";

export interface Notice {
  key: string;
  kind: "absent" | "handover" | "gap" | "ring";
  words: string;
}

/** What somebody has to put right: who has not come, what nobody took over, when nobody will be there in these days. */
export function useNotices(days: number): Notice[] {
  const t = useWords("shifts");
  const language = useLanguage();
  const duty = dutyOf(useKnown((known) => known.duties));
  const handovers = useKnown((known) => known.handovers);
  const now = useSecond() * 1000;
  const absent = (duty?.absent ?? []).map((one) => ({
    key: `absent ${one.who.id} ${one.since}`,
    kind: "absent" as const,
    words: t("absent", { name: one.who.name, role: t(`role_${one.role}`), time: hour(one.since, language) }),
  }));
  const late = Object.values(handovers).filter((one) => one.late && one.accepted_at === null);
  const waiting = late.map((one) => ({
    key: `handover ${one.id}`,
    kind: "handover" as const,
    words: `${t("handover_late")}: ${t("handover_by", { name: one.written_by?.name ?? "–", role: t(`role_${one.role}`), time: hour(one.written_at, language) })}`,
  }));
  const empty = gapsWithin(duty, days, now).map((gap) => ({
    key: `gap ${gap.role} ${gap.end}`,
    kind: "gap" as const,
    words: t("gap", { role: t(`role_${gap.role}`), from: dayAndHour(gap.start, language), to: dayAndHour(gap.end, language) }),
  }));
  const ring = ringOf(useKnown((known) => known.dutyRings));
  const rung = ring ? [{ key: `ring ${ring.version}`, kind: "ring" as const, words: t(`ring_${ring.state as Exclude<DutyRing["state"], "over">}`, { number: ring.number, time: hour(ring.since, language) }) }] : [];
  return [...rung, ...absent, ...waiting, ...empty];
}
