import { Badge } from "@mantine/core";
import { useWords } from "../../words/words";
import classes from "./Line.module.css";

const PRESSING = ["danger_key", "known_at_risk"] as const;
const FLAGS = ["danger_key", "known_at_risk", "blocked", "over_limit", "outside_hours", "with_fallback", "fallback_tried", "nobody_there", "to_call_back", "called_back", "came_back"] as const;

/** How a call came in, for whoever takes it. Nothing where it came in like any other. */
export function LineFlags({ flags }: { flags: readonly string[] }) {
  const t = useWords("line");
  const known = FLAGS.filter((flag) => flags.includes(flag));
  if (known.length === 0) return null;
  return (
    <span className={classes["flags"]} data-testid="line-flags">
      {known.map((flag) => (
        <Badge key={flag} variant={PRESSING.some((each) => each === flag) ? "filled" : "outline"} color={PRESSING.some((each) => each === flag) ? "var(--high)" : "gray"} size="sm" tt="none">
          {t(`flag_${flag}`)}
        </Badge>
      ))}
    </span>
  );
}
