import { type Color, LEVEL_OF } from "../../data/schoolForm";
import { LevelShape } from "../../ui/LevelChip";
import { useWords } from "../../words/words";
import classes from "./School.module.css";

/** The school's level: colour, shape and word, as the levels of the console have them. */
export function ColorChip({ color }: { color: Color }) {
  const t = useWords("school");
  return (
    <span className={classes["chip"]} data-color={color} data-testid="school-color">
      <LevelShape level={LEVEL_OF[color]} />
      {t(`color_${color}`)}
    </span>
  );
}
