import type { PastAssessment } from "../../../data/contactCommands";
import { moments } from "../../../data/levelHistory";
import type { Level } from "../../../data/levels";
import type { Message } from "../../../data/messages";
import { useWords } from "../../../words/words";
import classes from "./side.module.css";

/** Rows of the chart from below. Unassessed stands on its own line: not known is not the same as low. */
const ROWS: readonly Level[] = ["none", "low", "unassessed", "moderate", "high", "imminent"];
const WIDTH = 300;
const ROW = 13;
const HEIGHT = ROWS.length * ROW;
/** More than this, and the dots would be a smear. */
const NEWEST = 60;

const y = (level: Level) => HEIGHT - ROWS.indexOf(level) * ROW - ROW / 2;
const fill = (level: Level) => (level === "none" || level === "unassessed" ? "var(--rule-strong)" : level === "low" ? "var(--low-text)" : `var(--${level})`);

interface Props {
  steps: readonly PastAssessment[];
  messages: readonly Message[];
}

/** The contact's level as a line, each message's own as a dot, in the order in which they came. A screen reader gets words. */
export function LevelOverTime({ steps, messages }: Props) {
  const t = useWords("desk");
  const words = useWords("ui");
  const more = useWords("triage");
  const told = moments(steps, messages).slice(-NEWEST);
  const first = told.find((moment) => "step" in moment);
  if (told.length < 2 || !first) return null;
  const width = WIDTH / told.length;
  const spoken = [...steps].sort((a, b) => Date.parse(a.at) - Date.parse(b.at)).map((step) => words(`level_${step.level}`));
  return (
    <figure className={classes["figure"]}>
      <svg className={classes["chart"]} viewBox={`0 -2 ${WIDTH} ${HEIGHT + 4}`} role="img" aria-label={`${t("level_over_time")}: ${spoken.join(" → ")}`} data-testid="level-over-time">
        {(["moderate", "high", "imminent"] as const).map((level) => (
          <line key={level} x1="0" x2={WIDTH} y1={y(level)} y2={y(level)} stroke={`var(--${level})`} strokeWidth="1" strokeDasharray="2 5" opacity="0.7" />
        ))}
        <path d={line(told, width)} fill="none" stroke="var(--ink-2)" strokeWidth="2" strokeLinejoin="round" />
        {told.map((moment, index) =>
          "message" in moment ? (
            <circle key={index} cx={(index + 0.5) * width} cy={y(moment.message.level!)} r="3" fill={fill(moment.message.level!)} stroke="var(--surface)" strokeWidth="1" />
          ) : moment.step.source === "triage" ? null : (
            <rect key={index} x={(index + 0.5) * width - 3.5} y={y(moment.step.level) - 3.5} width="7" height="7" fill="var(--accent-text)" stroke="var(--surface)" strokeWidth="1" />
          ),
        )}
      </svg>
      <figcaption className={classes["legend"]} aria-hidden="true">
        {more("chart_line")} · {more("chart_dots")}
      </figcaption>
    </figure>
  );
}

function line(told: ReturnType<typeof moments>, width: number): string {
  let path = "";
  told.forEach((moment, index) => {
    if (!("step" in moment)) return;
    // A step belongs to the message before it: the line turns where the dot stands.
    const at = index === 0 ? 0 : index * width;
    path += path === "" ? `M${at} ${y(moment.step.level)}` : `H${at}V${y(moment.step.level)}`;
  });
  return `${path}H${told.length * width}`;
}
