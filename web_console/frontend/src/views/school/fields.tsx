import { Select, Textarea, TextInput } from "@mantine/core";
import { answer, useSchoolDraft } from "../../data/schoolDraft";
import { type Answers, toggled } from "../../data/schoolForm";
import { useWords } from "../../words/words";
import classes from "./School.module.css";

type Named<T> = { [K in keyof Answers]-?: Exclude<Answers[K], undefined> extends T ? K : never }[keyof Answers];
type TextField = Named<string>;
type ListField = Named<string[]>;
type FlagField = Named<boolean>;

interface TextProps {
  name: Exclude<TextField, "level_color">;
  label: string;
  help?: string;
  long?: boolean;
  needed?: boolean;
  max: number;
  type?: "text" | "tel" | "datetime-local";
}

export function Text({ name, label, help, long, needed, max, type = "text" }: TextProps) {
  const value = useSchoolDraft((draft) => draft.answers[name] ?? "");
  const shared = {
    label,
    value,
    onChange: (event: { currentTarget: { value: string } }) => answer({ [name]: event.currentTarget.value }),
    maxLength: max,
    withAsterisk: needed ?? false,
    "data-testid": `school-${name}`,
    ...(help ? { description: help } : {}),
  };
  return long ? <Textarea {...shared} autosize minRows={3} maxRows={12} /> : <TextInput {...shared} type={type} />;
}

export function Age() {
  const t = useWords("school");
  const value = useSchoolDraft((draft) => draft.answers.student_age);
  const read = (text: string) => {
    const age = Number.parseInt(text, 10);
    answer({ student_age: Number.isFinite(age) && age >= 3 && age <= 100 ? age : undefined } as Answers);
  };
  return <TextInput label={t("student_age")} type="number" min={3} max={100} inputMode="numeric" defaultValue={value ?? ""} onChange={(event) => read(event.currentTarget.value)} data-testid="school-student_age" />;
}

interface ChoiceProps<C extends string> {
  name: "how_found" | "reporter_role" | "student_sex";
  label: string;
  codes: readonly C[];
  word: (code: C) => string;
}

export function Choice<C extends string>({ name, label, codes, word }: ChoiceProps<C>) {
  const value = useSchoolDraft((draft) => draft.answers[name] ?? null);
  return <Select label={label} value={value} onChange={(code) => answer({ [name]: code ?? "" })} data={codes.map((code) => ({ value: code, label: word(code) }))} clearable data-testid={`school-${name}`} />;
}

interface ManyProps<C extends string> {
  name: ListField;
  label: string;
  codes: readonly C[];
  word: (code: C) => string;
  needed?: boolean;
}

/** Several of a list, all in sight. */
export function Many<C extends string>({ name, label, codes, word, needed }: ManyProps<C>) {
  const chosen = useSchoolDraft((draft) => draft.answers[name]);
  return (
    <fieldset className={classes["many"]}>
      <legend>
        {label} {needed ? <span aria-hidden="true">*</span> : null}
      </legend>
      {codes.map((code) => (
        <label key={code} data-chosen={chosen?.includes(code) || undefined}>
          <input type="checkbox" checked={chosen?.includes(code) ?? false} onChange={() => answer({ [name]: toggled(chosen, code) })} data-testid={`school-${name}-${code}`} />
          {word(code)}
        </label>
      ))}
    </fieldset>
  );
}

export function Flag({ name, label }: { name: FlagField; label: string }) {
  const value = useSchoolDraft((draft) => draft.answers[name] ?? false);
  return (
    <label className={classes["flag"]}>
      <input type="checkbox" checked={value} onChange={(event) => answer({ [name]: event.currentTarget.checked })} data-testid={`school-${name}`} />
      {label}
    </label>
  );
}
