import { MultiSelect, NativeSelect, SegmentedControl, Textarea } from "@mantine/core";
import { useEffect, useState } from "react";
import { CAN_GO, type Divert, divert, type DivertTo } from "../../data/diversions";
import { useSkillName, useSkills } from "../../data/skills";
import { useAct } from "../../ui/act";
import { Dialog } from "../../ui/Dialog";
import { newId } from "../../wire/ids";
import { useWords } from "../../words/words";

const WAYS: readonly DivertTo[] = ["skills", "callback", "partner", "pause"];
const MINUTES = ["15", "30", "60", "120", "480"];
const EMPTY: Divert = { to: "skills", minutes: 30, channel: null, language: null, skill: null, to_skills: [], reason: null };

type Queue = Pick<Divert, "channel" | "language" | "skill">;

export function DivertDialog({ opened, queue, onClose }: { opened: boolean; queue: Queue | null; onClose: () => void }) {
  const t = useWords("switchboard");
  const name = useSkillName();
  const skills = useSkills();
  const { act } = useAct();
  const [wish, setWish] = useState<Divert>(EMPTY);
  const [key, setKey] = useState(newId);
  useEffect(() => {
    if (!opened) return;
    setWish({ ...EMPTY, ...queue });
    setKey(newId());
  }, [opened, queue]);
  const set = (change: Partial<Divert>) => setWish((known) => ({ ...known, ...change }));
  const channels = CAN_GO[wish.to];
  const become = (to: DivertTo) => set({ to, channel: CAN_GO[to].includes(wish.channel ?? null) ? (wish.channel ?? null) : (CAN_GO[to][0] as Divert["channel"]), ...(to === "pause" ? { skill: null } : {}) });
  const chosen = (value: string) => (value === "" ? null : value);
  const codes = (skills?.items ?? []).map((one) => ({ value: one.code, label: name(one.code) }));
  const go = () => act(() => divert({ ...wish, to_skills: wish.to === "skills" ? (wish.to_skills ?? []) : [], reason: wish.reason?.trim() || null }, key));
  return (
    <Dialog opened={opened} onClose={onClose} title={t("divert_title")} consequence={t(`help_${wish.to}`)} confirm={t("divert_do")} onConfirm={go} testId="divert-dialog">
      <NativeSelect
        label={t("where_to")}
        value={wish.to}
        onChange={(event) => become(event.currentTarget.value as DivertTo)}
        data={WAYS.filter((way) => way !== "partner" || skills?.partner_number).map((way) => ({ value: way, label: t(`way_${way}`) }))}
        data-testid="divert-to"
      />
      <NativeSelect label={t("channel")} value={wish.channel ?? ""} onChange={(event) => set({ channel: chosen(event.currentTarget.value) as Divert["channel"] })} data={channels.map((one) => ({ value: one ?? "", label: t(one === null ? "channel_all" : (`channel_${one}` as "channel_call")) }))} data-testid="divert-channel" />
      <NativeSelect
        label={t("language")}
        value={wish.language ?? ""}
        onChange={(event) => set({ language: chosen(event.currentTarget.value) as Divert["language"] })}
        data={[
          { value: "", label: t("language_all") },
          { value: "zh", label: t("language_zh") },
          { value: "en", label: t("language_en") },
        ]}
        data-testid="divert-language"
      />
      {wish.to === "pause" ? null : (
        <NativeSelect label={t("skill")} value={wish.skill ?? ""} onChange={(event) => set({ skill: chosen(event.currentTarget.value) })} data={[{ value: "", label: t("skill_all") }, ...codes]} data-testid="divert-skill" />
      )}
      {wish.to === "skills" ? <MultiSelect label={t("to_skills")} description={t("to_skills_help")} value={wish.to_skills ?? []} onChange={(to_skills) => set({ to_skills })} data={codes.filter((one) => one.value !== wish.skill)} maxValues={4} data-testid="divert-skills" /> : null}
      <SegmentedControl value={String(wish.minutes)} onChange={(minutes) => set({ minutes: Number(minutes) })} data={MINUTES.map((value) => ({ value, label: Number(value) < 60 ? t("minutes", { n: value }) : t("hours", { n: Number(value) / 60 }) }))} size="xs" aria-label={t("how_long")} />
      <Textarea label={t("reason")} value={wish.reason ?? ""} onChange={(event) => set({ reason: event.currentTarget.value })} maxLength={2000} autosize minRows={2} data-testid="divert-reason" />
    </Dialog>
  );
}
