import { EVENT_TYPES, HOW_FOUND } from "../../data/schoolForm";
import { useWords } from "../../words/words";
import { Choice, Many, Text } from "./fields";
import classes from "./School.module.css";

export function EventStep() {
  const t = useWords("school");
  return (
    <div className={classes["fields"]}>
      <Many name="event_types" label={t("event_types")} codes={EVENT_TYPES} word={(code) => t(`event_${code}`)} needed />
      <Text name="what_happened" label={t("what_happened")} help={t("what_happened_help")} long needed max={4000} />
      <div className={classes["pair"]}>
        <Text name="place" label={t("place")} max={300} />
        <Text name="means" label={t("means")} max={500} />
        <Choice name="how_found" label={t("how_found")} codes={HOW_FOUND} word={(code) => t(`found_${code}`)} />
        <Text name="found_at" label={t("found_at")} type="datetime-local" max={40} />
      </div>
    </div>
  );
}
