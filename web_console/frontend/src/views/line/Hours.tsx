import { Button, Switch, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { areWhole, type Hours as HoursByDay, saveHours, type Span, type TelephoneLine, WEEKDAYS, withNewSpan, withoutSpan, withSpan } from "../../data/telephoneLine";
import { useAct } from "../../ui/act";
import { useLanguage, useWords } from "../../words/words";
import { dateTime } from "../contacts/naming";
import classes from "./Line.module.css";

/** When the line is open, by the clock on the wall. */
export function Hours({ line, onChanged }: { line: TelephoneLine; onChanged: () => void }) {
  const t = useWords("line");
  const { act, busy } = useAct();
  const [always, setAlways] = useState(line.always);
  const [zone, setZone] = useState(line.time_zone);
  const [weekly, setWeekly] = useState(line.weekly as HoursByDay);
  const [exceptions, setExceptions] = useState(line.exceptions as HoursByDay);
  const save = () =>
    act(async () => {
      await saveHours({ version: line.version, always, time_zone: zone.trim(), weekly, exceptions });
      notifications.show({ message: t("saved"), withBorder: true });
      onChanged();
    });
  return (
    <section className={classes["panel"]} aria-labelledby="line-hours">
      <h2 id="line-hours">{t("hours")}</h2>
      <p className={classes["dim"]}>{t("hours_help")}</p>
      <Switch label={t("always")} checked={always} onChange={(event) => setAlways(event.currentTarget.checked)} data-testid="line-always" />
      {always ? null : (
        <>
          <TextInput label={t("time_zone")} value={zone} onChange={(event) => setZone(event.currentTarget.value)} maxLength={64} maw={280} required />
          {WEEKDAYS.map((day) => (
            <Day key={day} name={t(`day_${day}`)} day={day} hours={weekly} onChange={setWeekly} />
          ))}
          {WEEKDAYS.every((day) => (weekly[day] ?? []).length === 0) ? (
            <p role="status" data-testid="line-never-open">
              {t("never_open")}
            </p>
          ) : null}
          <Exceptions exceptions={exceptions} onChange={setExceptions} />
        </>
      )}
      <Changed line={line} />
      <Button onClick={() => void save()} loading={busy} disabled={!areWhole(weekly) || !areWhole(exceptions) || zone.trim() === ""} w="fit-content" data-testid="line-save">
        {t("save")}
      </Button>
    </section>
  );
}

function Changed({ line }: { line: TelephoneLine }) {
  const t = useWords("line");
  const language = useLanguage();
  const by = line.changed_by && line.changed_at ? t("changed", { name: line.changed_by.name, time: dateTime(line.changed_at, language) }) : t("never_changed");
  return <p className={classes["dim"]}>{by}</p>;
}

interface DayProps {
  name: string;
  day: string;
  hours: HoursByDay;
  onChange: (hours: HoursByDay) => void;
  onRemove?: () => void;
}

function Day({ name, day, hours, onChange, onRemove }: DayProps) {
  const t = useWords("line");
  const spans = hours[day] ?? [];
  return (
    <div className={classes["day"]} data-testid={`line-day-${day}`}>
      <span>{name}</span>
      <div className={classes["spans"]}>
        {spans.length === 0 ? <span className={classes["dim"]}>{t("closed_day")}</span> : null}
        {spans.map((span, at) => (
          <SpanFields key={at} name={name} span={span} onChange={(next) => onChange(withSpan(hours, day, at, next))} onRemove={() => onChange(withoutSpan(hours, day, at))} />
        ))}
        <Button size="compact-sm" variant="subtle" onClick={() => onChange(withNewSpan(hours, day))} aria-label={`${name}: ${t("add_span")}`}>
          {t("add_span")}
        </Button>
        {onRemove ? (
          <Button size="compact-sm" variant="subtle" color="gray" onClick={onRemove}>
            {t("remove_exception", { day: name })}
          </Button>
        ) : null}
      </div>
    </div>
  );
}

function SpanFields({ name, span, onChange, onRemove }: { name: string; span: Span; onChange: (span: Span) => void; onRemove: () => void }) {
  const t = useWords("line");
  // A browser's time field ends at 23:59; the end of the day is written 24:00.
  const shown = span[1] === "24:00" ? "00:00" : span[1];
  return (
    <span className={classes["span"]}>
      <TextInput type="time" size="xs" aria-label={`${name}: ${t("from")}`} value={span[0]} onChange={(event) => onChange([event.currentTarget.value, span[1]])} />
      –
      <TextInput type="time" size="xs" aria-label={`${name}: ${t("until")}`} value={shown} onChange={(event) => onChange([span[0], event.currentTarget.value === "00:00" ? "24:00" : event.currentTarget.value])} />
      <Button size="compact-xs" variant="subtle" color="gray" onClick={onRemove} aria-label={`${name}: ${t("remove_span")}`}>
        ×
      </Button>
    </span>
  );
}

function Exceptions({ exceptions, onChange }: { exceptions: HoursByDay; onChange: (hours: HoursByDay) => void }) {
  const t = useWords("line");
  const [day, setDay] = useState("");
  const add = () => {
    onChange({ ...exceptions, [day]: [] });
    setDay("");
  };
  const remove = (gone: string) => onChange(Object.fromEntries(Object.entries(exceptions).filter(([each]) => each !== gone)));
  return (
    <>
      <h2>{t("exceptions")}</h2>
      {Object.keys(exceptions)
        .sort()
        .map((each) => (
          <Day key={each} name={each} day={each} hours={exceptions} onChange={onChange} onRemove={() => remove(each)} />
        ))}
      <div className={classes["spans"]}>
        <TextInput type="date" size="xs" aria-label={t("day")} value={day} onChange={(event) => setDay(event.currentTarget.value)} />
        <Button size="compact-sm" variant="default" disabled={day === "" || day in exceptions} onClick={add}>
          {t("add_exception")}
        </Button>
      </div>
    </>
  );
}
