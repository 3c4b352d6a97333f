import { Button, NativeSelect, NumberInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { fetchRingRules, type RingQueue, type RingRules, saveRingRules, withoutQueue, withQueue } from "../../data/ringRules";
import { isLanguage, useSkillName, useSkills } from "../../data/skills";
import { useAct } from "../../ui/act";
import { Failed, Loading } from "../../ui/states";
import { useLanguage, useWords } from "../../words/words";
import { dateTime } from "../contacts/naming";
import { useQueueName } from "./Diversions";
import classes from "./Switchboard.module.css";

const CHANNELS = ["call", "chat", "sms", "school"] as const satisfies readonly RingQueue["channel"][];
const MOST = 20;
const LONGEST_SECONDS = 600;

/** By turn or at several at once: what is ruled, and, for whom it is given to, ruling it. */
export function Ringing({ changes }: { changes: boolean }) {
  const { data, error, isPending, refetch } = useQuery({ queryKey: ["ring-rules"], queryFn: fetchRingRules });
  if (isPending) return <Loading rows={2} />;
  if (error) return <Failed error={error} retry={() => void refetch()} />;
  return <Rule key={data.version} ruled={data} changes={changes} onChanged={() => void refetch()} />;
}

function Rule({ ruled, changes, onChanged }: { ruled: RingRules; changes: boolean; onChanged: () => void }) {
  const t = useWords("switchboard");
  const { act, busy } = useAct();
  const [queues, setQueues] = useState<RingQueue[]>(ruled.queues);
  const [most, setMost] = useState<number | string>(ruled.most);
  const [after, setAfter] = useState<number | string>(ruled.after_seconds);
  const whole = typeof most === "number" && typeof after === "number";
  const save = () =>
    act(async () => {
      await saveRingRules({ version: ruled.version, queues, most: Number(most), after_seconds: Number(after) });
      notifications.show({ message: t("ring_saved"), withBorder: true });
      onChanged();
    });
  return (
    <div className={classes["ringing"]} data-testid="ringing">
      <p className={classes["dim"]}>{t("ringing_help")}</p>
      <div className={classes["fields"]}>
        <NumberInput label={t("ring_most")} description={t("ring_most_help")} value={most} onChange={setMost} min={1} max={MOST} allowDecimal={false} clampBehavior="strict" disabled={!changes} data-testid="ring-most" />
        <NumberInput label={t("ring_after")} value={after} onChange={setAfter} min={0} max={LONGEST_SECONDS} allowDecimal={false} clampBehavior="strict" disabled={!changes} data-testid="ring-after" />
      </div>
      <Queues queues={queues} onChange={changes ? setQueues : null} />
      {changes ? <AddQueue onAdd={(queue) => setQueues((known) => withQueue(known, queue))} /> : null}
      <Changed ruled={ruled} />
      {changes ? (
        <Button onClick={() => void save()} loading={busy} disabled={!whole} w="fit-content" data-testid="ring-save">
          {t("ring_save")}
        </Button>
      ) : null}
    </div>
  );
}

function Queues({ queues, onChange }: { queues: RingQueue[]; onChange: ((queues: RingQueue[]) => void) | null }) {
  const t = useWords("switchboard");
  const name = useQueueName();
  return (
    <div>
      <b id="ring-queues">{t("ring_queues")}</b>
      {queues.length === 0 ? <p className={classes["dim"]}>{t("ring_queues_none")}</p> : null}
      <ul className={classes["named"]} aria-labelledby="ring-queues">
        {queues.map((queue) => (
          <li key={name(queue)} data-testid="ring-queue">
            {name(queue)}
            {onChange ? (
              <Button size="compact-xs" variant="subtle" color="gray" onClick={() => onChange(withoutQueue(queues, queue))} aria-label={t("ring_remove", { queue: name(queue) })}>
                ×
              </Button>
            ) : null}
          </li>
        ))}
      </ul>
    </div>
  );
}

function AddQueue({ onAdd }: { onAdd: (queue: RingQueue) => void }) {
  const t = useWords("switchboard");
  const skills = useSkills();
  const name = useSkillName();
  const [channel, setChannel] = useState<RingQueue["channel"]>("call");
  const [language, setLanguage] = useState("");
  const [skill, setSkill] = useState("");
  const codes = (skills?.items ?? []).filter((one) => !isLanguage(one.code)).map((one) => ({ value: one.code, label: name(one.code) }));
  const languages = [{ value: "", label: t("language_all") }, ...(["zh", "en"] as const).map((one) => ({ value: one, label: t(`language_${one}`) }))];
  return (
    <div className={classes["fields"]}>
      <NativeSelect label={t("channel")} value={channel} onChange={(event) => setChannel(event.currentTarget.value as RingQueue["channel"])} data={CHANNELS.map((one) => ({ value: one, label: t(`channel_${one}`) }))} data-testid="ring-channel" />
      <NativeSelect label={t("language")} value={language} onChange={(event) => setLanguage(event.currentTarget.value)} data={languages} data-testid="ring-language" />
      <NativeSelect label={t("skill")} value={skill} onChange={(event) => setSkill(event.currentTarget.value)} data={[{ value: "", label: t("skill_all") }, ...codes]} data-testid="ring-skill" />
      <Button variant="default" onClick={() => onAdd({ channel, language: language === "" ? null : (language as "zh" | "en"), skill: skill || null })} data-testid="ring-add">
        {t("ring_add")}
      </Button>
    </div>
  );
}

function Changed({ ruled }: { ruled: RingRules }) {
  const t = useWords("switchboard");
  const language = useLanguage();
  const words = ruled.changed_by && ruled.changed_at ? t("ring_changed", { name: ruled.changed_by.name, time: dateTime(ruled.changed_at, language) }) : t("ring_unchanged");
  return <p className={classes["dim"]}>{words}</p>;
}
