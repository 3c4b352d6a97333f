import { answer, useSchoolDraft } from "../../data/schoolDraft";
import { COLORS, LEVEL_OF } from "../../data/schoolForm";
import { LevelShape } from "../../ui/LevelChip";
import { useWords } from "../../words/words";
import { Flag } from "./fields";
import classes from "./School.module.css";

/** How urgent, by plain criteria. */
export function LevelStep() {
  const t = useWords("school");
  const chosen = useSchoolDraft((draft) => draft.answers.level_color);
  return (
    <div className={classes["fields"]}>
      <div role="radiogroup" aria-label={t("step_level")} className={classes["levels"]}>
        {COLORS.map((color) => (
          <label key={color} className={classes["level"]} data-color={color} data-chosen={color === chosen || undefined}>
            <input type="radio" name="level_color" value={color} checked={color === chosen} onChange={() => answer({ level_color: color })} data-testid={`school-level-${color}`} />
            <span className={classes["level_shape"]}>
              <LevelShape level={LEVEL_OF[color]} size={20} />
            </span>
            <span>
              <b>{t(`color_${color}`)}</b>
              <span>{t(`${color}_criteria`)}</span>
            </span>
          </label>
        ))}
      </div>
      {chosen === "red" ? <Flag name="act_in_progress" label={t("act_in_progress")} /> : null}
      <p className={classes["quiet"]}>{t("level_default_note")}</p>
    </div>
  );
}
