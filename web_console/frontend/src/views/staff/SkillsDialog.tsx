import { SegmentedControl, Text } from "@mantine/core";
import { useEffect, useState } from "react";
import { LEVELS, useSkillName, useSkills } from "../../data/skills";
import { setStaffSkills } from "../../data/staff";
import { useAct } from "../../ui/act";
import { Dialog } from "../../ui/Dialog";
import { useWords } from "../../words/words";
import classes from "./Skills.module.css";

interface Props {
  account: { id: string; name: string; skills: Readonly<Record<string, number>> };
  opened: boolean;
  onClose: () => void;
  onChanged: () => void;
}

/** What somebody can do, each with a level; none: "–". */
export function SkillsDialog({ account, opened, onClose, onChanged }: Props) {
  const t = useWords("switchboard");
  const name = useSkillName();
  const skills = useSkills();
  const { act } = useAct();
  const [levels, setLevels] = useState<Record<string, number>>({});
  useEffect(() => {
    if (opened) setLevels({ ...account.skills });
  }, [opened, account]);
  const save = () =>
    act(async () => {
      await setStaffSkills(account.id, levels);
      onChanged();
    });
  return (
    <Dialog opened={opened} onClose={onClose} title={t("skills_of", { name: account.name })} confirm={t("save")} onConfirm={save} testId="skills-dialog">
      <Text size="sm">{t("levels_help", { n: skills?.level_wanted ?? 3 })}</Text>
      <div className={classes["skills"]}>
        {(skills?.items ?? []).map((skill) => (
          <div key={skill.code} className={classes["skill"]}>
            <span id={`skill-${skill.code}`}>{name(skill.code)}</span>
            <SegmentedControl
              size="xs"
              value={String(levels[skill.code] ?? 0)}
              onChange={(value) => setLevels({ ...levels, [skill.code]: Number(value) })}
              data={[{ value: "0", label: "–" }, ...LEVELS.map((level) => ({ value: String(level), label: String(level) }))]}
              aria-labelledby={`skill-${skill.code}`}
              data-testid={`skill-${skill.code}`}
            />
          </div>
        ))}
      </div>
    </Dialog>
  );
}

/** "Young people 4 · Bereavement 2". */
export function SkillChips({ skills }: { skills: Readonly<Record<string, number>> }) {
  const t = useWords("switchboard");
  const name = useSkillName();
  const entries = Object.entries(skills);
  if (entries.length === 0) return <span>{t("skills_none")}</span>;
  return (
    <span className={classes["chips"]}>
      {entries.map(([code, level]) => (
        <span key={code} className={classes["chip"]}>
          {name(code)} <b>{level}</b>
        </span>
      ))}
    </span>
  );
}
