import { Tooltip } from "@mantine/core";
import type { KeyboardEvent } from "react";
import type { Evidence } from "../../data/contacts";
import type { Level } from "../../data/levels";
import { spans } from "../../data/offsets";
import { usePick } from "../../words/words";
import classes from "./Conversation.module.css";
import { MODEL, useCueName } from "./cues";

interface Props {
  text: string;
  evidence: readonly Evidence[];
  level: Level | null;
}

/** A message's own words, with what triage found in them underlined: class and reason on hover, on touch and on focus. */
export function EvidenceText({ text, evidence, level }: Props) {
  if (evidence.length === 0) return text;
  return spans(text, evidence).map((span, index) =>
    span.marks.length === 0 ? span.text : <Mark key={index} text={span.text} evidence={span.marks.map((mark) => evidence[mark]!)} level={level} />,
  );
}

function Mark({ text, evidence, level }: { text: string; evidence: readonly Evidence[]; level: Level | null }) {
  const pick = usePick();
  const name = useCueName();
  const weak = evidence.every((one) => one.cue === MODEL);
  const reasons = [...new Set(evidence.map((one) => `${name(one.cue)}: ${pick(one, "why")}`))];
  const look = weak ? classes["mark_model"] : (classes[`mark_${level ?? "none"}`] ?? "");
  return (
    <Tooltip label={reasons.map((reason) => <div key={reason}>{reason}</div>)} multiline maw={360} events={{ hover: true, focus: true, touch: true }} withArrow>
      <mark tabIndex={-1} data-mark aria-description={reasons.join("; ")} className={`${classes["mark"]} ${look}`} data-testid="evidence" data-cue={evidence[0]!.cue}>
        {text}
      </mark>
    </Tooltip>
  );
}

/** ← and → go from mark to mark inside the conversation, which is one stop of the Tab key however many marks it has. */
export function stepMarks(event: KeyboardEvent<HTMLElement>): void {
  const by = event.key === "ArrowLeft" ? -1 : event.key === "ArrowRight" ? 1 : 0;
  if (by === 0 || event.altKey || event.ctrlKey || event.metaKey) return;
  const marks = [...event.currentTarget.querySelectorAll<HTMLElement>("[data-mark]")];
  const here = marks.indexOf(document.activeElement as HTMLElement);
  const next = here < 0 ? (by < 0 ? marks.at(-1) : marks[0]) : marks[here + by];
  if (!next) return;
  event.preventDefault();
  next.focus();
}
