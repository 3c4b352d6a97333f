import { Button, Group, NativeSelect, Textarea, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type DutyPhones as Ruled, earlier, fetchDutyPhones, saveDutyPhones } from "../../data/dutyPhones";
import { useAct } from "../../ui/act";
import { Failed, Loading } from "../../ui/states";
import { useLanguage, useWords } from "../../words/words";
import { dateTime } from "../contacts/naming";
import classes from "./Shifts.module.css";

const MOST = 10;
const NUMBER_LENGTH = 40;
const TEXT_LENGTH = 280;

/** Whom the service tells and rings outside when nobody on duty answers. */
export function DutyPhones() {
  const t = useWords("shifts");
  const { data, error, isPending, refetch } = useQuery({ queryKey: ["duty-phones"], queryFn: fetchDutyPhones });
  return (
    <section className={classes["panel"]} aria-labelledby="duty-phones" data-testid="duty-phones">
      <h2 id="duty-phones">{t("duty_phones")}</h2>
      <p className={classes["dim"]}>{t("duty_phones_help")}</p>
      {isPending ? <Loading rows={2} /> : null}
      {error ? <Failed error={error} retry={() => void refetch()} /> : null}
      {data ? <Form key={data.version} ruled={data} onChanged={() => void refetch()} /> : null}
    </section>
  );
}

function Form({ ruled, onChanged }: { ruled: Ruled; onChanged: () => void }) {
  const t = useWords("shifts");
  const { act, busy } = useAct();
  const [numbers, setNumbers] = useState(ruled.numbers);
  const [language, setLanguage] = useState(ruled.language);
  const [alertText, setAlertText] = useState(ruled.alert_text ?? "");
  const [waitingText, setWaitingText] = useState(ruled.waiting_text ?? "");
  const save = () =>
    act(async () => {
      await saveDutyPhones({ version: ruled.version, numbers: numbers.map((each) => each.trim()), language, alert_text: alertText.trim() || null, waiting_text: waitingText.trim() || null });
      notifications.show({ message: t("duty_phones_saved"), withBorder: true });
      onChanged();
    });
  return (
    <>
      <Numbers numbers={numbers} onChange={setNumbers} />
      <NativeSelect
        label={t("duty_language")}
        value={language}
        onChange={(event) => setLanguage(event.currentTarget.value as Ruled["language"])}
        data={(["zh", "en"] as const).map((value) => ({ value, label: t(`duty_language_${value}`) }))}
        maw={280}
        data-testid="duty-language"
      />
      <Words label={t("duty_alert_text")} value={alertText} house={ruled.alert_words} onChange={setAlertText} testId="duty-alert-text" />
      <Words label={t("duty_waiting_text")} value={waitingText} house={ruled.waiting_words} onChange={setWaitingText} testId="duty-waiting-text" />
      <Changed ruled={ruled} />
      <Button onClick={() => void save()} loading={busy} disabled={numbers.some((each) => each.trim() === "")} w="fit-content" data-testid="duty-phones-save">
        {t("duty_phones_save")}
      </Button>
    </>
  );
}

function Numbers({ numbers, onChange }: { numbers: string[]; onChange: (numbers: string[]) => void }) {
  const t = useWords("shifts");
  const changed = (at: number, number: string) => onChange(numbers.map((each, place) => (place === at ? number : each)));
  return (
    <>
      {numbers.length === 0 ? <p className={classes["dim"]}>{t("duty_phones_none")}</p> : null}
      {numbers.map((number, at) => (
        <Group key={at} gap="xs">
          <TextInput aria-label={t("duty_phone", { n: at + 1 })} placeholder={t("duty_phone_hint")} value={number} onChange={(event) => changed(at, event.currentTarget.value)} maxLength={NUMBER_LENGTH} type="tel" w={280} data-testid="duty-phone" />
          <Button size="xs" variant="default" disabled={at === 0} onClick={() => onChange(earlier(numbers, at))} aria-label={t("duty_phone_up", { n: at + 1 })}>
            ↑
          </Button>
          <Button size="xs" variant="default" disabled={at === numbers.length - 1} onClick={() => onChange(earlier(numbers, at + 1))} aria-label={t("duty_phone_down", { n: at + 1 })}>
            ↓
          </Button>
          <Button size="xs" variant="subtle" color="gray" onClick={() => onChange(numbers.filter((_, place) => place !== at))} aria-label={t("duty_phone_remove", { n: at + 1 })}>
            ×
          </Button>
        </Group>
      ))}
      {numbers.length < MOST ? (
        <Button variant="default" size="xs" w="fit-content" onClick={() => onChange([...numbers, ""])} data-testid="duty-phone-add">
          {t("duty_phone_add")}
        </Button>
      ) : null}
    </>
  );
}

function Words({ label, value, house, onChange, testId }: { label: string; value: string; house: string; onChange: (text: string) => void; testId: string }) {
  const t = useWords("shifts");
  return <Textarea label={label} description={t("duty_text_hint")} placeholder={house} value={value} onChange={(event) => onChange(event.currentTarget.value)} maxLength={TEXT_LENGTH} autosize minRows={2} data-testid={testId} />;
}

function Changed({ ruled }: { ruled: Ruled }) {
  const t = useWords("shifts");
  const language = useLanguage();
  const words = ruled.changed_by && ruled.changed_at ? t("duty_phones_changed", { name: ruled.changed_by.name, time: dateTime(ruled.changed_at, language) }) : t("duty_phones_unchanged");
  return <p className={classes["dim"]}>{words}</p>;
}
