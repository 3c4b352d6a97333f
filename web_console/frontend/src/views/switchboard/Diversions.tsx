import { Button } from "@mantine/core";
import { useMemo, useState } from "react";
import { type Diversion, endDiversion, inForce } from "../../data/diversions";
import { may, useUser } from "../../data/session";
import { useSkillName } from "../../data/skills";
import { useKnown } from "../../data/store";
import { useAct } from "../../ui/act";
import { useSecond } from "../../ui/clock";
import { Confirm } from "../../ui/confirm";
import { Icon } from "../../ui/Icon";
import { Countdown } from "../../ui/Timer";
import { useWords } from "../../words/words";
import classes from "./Switchboard.module.css";

/** Whether anything is diverted, in words: here, and on the wallboard. */
export function Diversions({ quiet = false }: { quiet?: boolean }) {
  const t = useWords("switchboard");
  const diversions = useKnown((known) => known.diversions);
  const now = useSecond() * 1000;
  const found = useMemo(() => inForce(diversions, now), [diversions, now]);
  if (found.length === 0) return quiet ? null : <p className={classes["dim"]}>{t("none")}</p>;
  return (
    <ul className={classes["diversions"]} aria-label={t("in_force")} data-testid="diversions">
      {found.map((one) => (
        <Row key={one.id} diversion={one} />
      ))}
    </ul>
  );
}

function Row({ diversion }: { diversion: Diversion }) {
  const t = useWords("switchboard");
  const name = useQueueName();
  const skill = useSkillName();
  const user = useUser();
  const { act } = useAct();
  const [asking, setAsking] = useState(false);
  const to =
    diversion.to !== "skills" ? t(`to_${diversion.to}`) : diversion.to_skills.length > 0 ? t("to_these_skills", { skills: diversion.to_skills.map(skill).join(t("and")) }) : t("to_anybody");
  return (
    <li data-testid="diversion" data-to={diversion.to}>
      <Icon name="transfer" size={16} />
      <span>
        <b>{name(diversion)}</b> {to}
        {diversion.reason ? <small>{diversion.reason}</small> : null}
        <small>{t("made_by", { name: diversion.made_by?.name ?? "–" })}</small>
      </span>
      <span className={classes["until"]}>
        {t("ends_in")} <Countdown until={diversion.until} />
      </span>
      {may(user, "queue.divert") ? (
        <Button size="xs" variant="default" onClick={() => setAsking(true)} data-testid="diversion-end">
          {t("end")}
        </Button>
      ) : null}
      <Confirm opened={asking} title={t("end_title")} consequence={t("end_body", { queue: name(diversion) })} confirm={t("end")} onConfirm={() => act(() => endDiversion(diversion.id))} onClose={() => setAsking(false)} />
    </li>
  );
}

/** "Calls · Chinese · Young people", with words for all of them. */
export function useQueueName() {
  const t = useWords("switchboard");
  const skill = useSkillName();
  return (queue: { channel: string | null; language: string | null; skill: string | null }): string => {
    const channel = t(queue.channel === "call" || queue.channel === "chat" || queue.channel === "sms" || queue.channel === "school" ? `channel_${queue.channel}` : "channel_all");
    const language = queue.language === "zh" || queue.language === "en" ? t(`language_${queue.language}`) : null;
    return [channel, language, queue.skill === null ? null : skill(queue.skill)].filter(Boolean).join(" · ");
  };
}
