import { Button } from "@mantine/core";
import { useState } from "react";
import { COLORS, type Color } from "../../data/schoolForm";
import { worsenReport } from "../../data/schoolReportCommands";
import type { SchoolReport } from "../../data/schoolReports";
import { useAct } from "../../ui/act";
import { Dialog } from "../../ui/Dialog";
import { useWords } from "../../words/words";
import { ColorChip } from "./ColorChip";
import { Numbers } from "./Numbers";
import classes from "./School.module.css";

/** The school says that it is worse than reported: only upwards, the hotline alone lowers. */
export function Worse({ report }: { report: SchoolReport }) {
  const t = useWords("school");
  const [asking, setAsking] = useState(false);
  const [color, setColor] = useState<Color | null>(null);
  const [inProgress, setInProgress] = useState(false);
  const { act } = useAct();
  const higher = COLORS.slice(0, COLORS.indexOf(report.level_color));
  const choices = higher.length > 0 ? higher : [report.level_color];
  const chosen = color ?? (choices.length === 1 ? choices[0]! : null);
  const nothingNew = chosen === null || (chosen === report.level_color && !inProgress);
  return (
    <div>
      <Button variant="default" onClick={() => setAsking(true)} data-testid="school-worse">
        {t("worse")}
      </Button>
      <Dialog opened={asking} onClose={() => setAsking(false)} title={t("worse_title")} consequence={t("worse_body")} confirm={t("worse_do")} disabled={nothingNew} danger onConfirm={() => act(() => worsenReport(report, chosen!, inProgress))}>
        <Numbers />
        {choices.map((each) => (
          <label key={each} className={classes["flag"]}>
            <input type="radio" name="worse" checked={each === chosen} onChange={() => setColor(each)} data-testid={`school-worse-${each}`} />
            <ColorChip color={each} />
          </label>
        ))}
        {chosen === "red" ? (
          <label className={classes["flag"]}>
            <input type="checkbox" checked={inProgress} onChange={(event) => setInProgress(event.currentTarget.checked)} />
            {t("act_in_progress")}
          </label>
        ) : null}
      </Dialog>
    </div>
  );
}
