import { SPECIAL_GROUPS } from "../../data/schoolForm";
import { useWords } from "../../words/words";
import { Age, Choice, Flag, Many, Text } from "./fields";
import classes from "./School.module.css";

const SEXES = ["1", "2", "9"] as const;

export function StudentStep() {
  const t = useWords("school");
  return (
    <div className={classes["fields"]}>
      <div className={classes["pair"]}>
        <Text name="present_place" label={t("present_place")} max={300} />
        <Text name="with_whom" label={t("with_whom")} help={t("with_whom_help")} max={200} />
      </div>
      <Text name="present_state" label={t("present_state")} long max={1000} />
      <div className={classes["pair"]}>
        <Text name="student" label={t("student")} max={100} />
        <Text name="student_class" label={t("student_class")} max={100} />
        <Age />
        <Choice name="student_sex" label={t("student_sex")} codes={SEXES} word={(code) => t(`sex_${code}`)} />
      </div>
      <Flag name="boarder" label={t("boarder")} />
      <Many name="special_groups" label={t("special_groups")} codes={SPECIAL_GROUPS} word={(code) => t(`group_${code}`)} />
      <div className={classes["pair"]}>
        <Text name="known_treatment" label={t("known_treatment")} max={1000} />
        <Text name="triggers" label={t("triggers")} max={1000} />
        <Text name="protective_factors" label={t("protective_factors")} max={1000} />
      </div>
    </div>
  );
}
