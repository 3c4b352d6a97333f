import { useSchoolDraft } from "../../data/schoolDraft";
import { REPORTER_ROLES, REQUESTED_HELP } from "../../data/schoolForm";
import { useWords } from "../../words/words";
import { Choice, Flag, Many, Text } from "./fields";
import classes from "./School.module.css";

export function ContactStep() {
  const t = useWords("school");
  const told = useSchoolDraft((draft) => draft.answers.guardian_told ?? false);
  return (
    <div className={classes["fields"]}>
      <div className={classes["pair"]}>
        <Text name="reporter_phone" label={t("reporter_phone")} type="tel" needed max={40} />
        <Text name="reporter_name" label={t("reporter_name")} max={100} />
        <Choice name="reporter_role" label={t("reporter_role")} codes={REPORTER_ROLES} word={(code) => t(`role_${code}`)} />
      </div>
      <fieldset className={classes["group"]}>
        <legend>{t("guardian")}</legend>
        <Flag name="guardian_told" label={t("guardian_told")} />
        {told ? (
          <div className={classes["pair"]}>
            <Text name="guardian_who" label={t("guardian_who")} max={200} />
            <Text name="guardian_reaction" label={t("guardian_reaction")} max={1000} />
            <Flag name="taken_home" label={t("taken_home")} />
          </div>
        ) : null}
        <Flag name="guardian_refused" label={t("guardian_refused")} />
      </fieldset>
      <Text name="actions" label={t("actions")} long max={2000} />
      <div className={classes["flags"]}>
        <Flag name="called_110" label={t("called_110")} />
        <Flag name="called_120" label={t("called_120")} />
      </div>
      <Many name="requested_help" label={t("requested_help")} codes={REQUESTED_HELP} word={(code) => t(`help_${code}`)} />
      <Text name="affected_others" label={t("affected_others")} max={1000} />
    </div>
  );
}
