import type { PastAssessment } from "./contactCommands";
import { type Level, rank } from "./levels";
import type { Message } from "./messages";

/** The contact's level after a step, or a message's own level, in the order in which they came. */
export type Moment = { at: string; step: PastAssessment } | { at: string; message: Message };

const fromPerson = (message: Message): boolean => message.level !== null;

/** Steps and judged messages as one story; a step stands after the message that caused it. */
export function moments(steps: readonly PastAssessment[], messages: readonly Message[]): Moment[] {
  const told: Moment[] = [...messages.filter(fromPerson).map((message) => ({ at: message.at, message })), ...steps.map((step) => ({ at: step.at, step }))];
  return told.sort((a, b) => Date.parse(a.at) - Date.parse(b.at) || Number("step" in a) - Number("step" in b));
}

/** What moved the level: the first step, each that changed it, and each that a person or an instrument made. */
export const moves = (steps: readonly PastAssessment[]): PastAssessment[] =>
  steps.filter((step, index) => index === 0 || step.source !== "triage" || step.level !== steps[index - 1]!.level);

export type Trend = "rising" | "steady" | "easing";

/** Messages on either side of the comparison. */
const SPAN = 3;
/** Two of three messages one level apart. */
const CHANGE = 0.6;

/** How the person's last messages stand to those before them, whatever the contact's level is; null before there are enough. */
export function trendOf(messages: readonly Message[]): Trend | null {
  const ranks = messages.filter((message) => message.level !== null && message.level !== "unassessed").map((message) => rank(message.level!));
  if (ranks.length < SPAN + 1) return null;
  const mean = (part: number[]) => part.reduce((sum, one) => sum + one, 0) / part.length;
  const change = mean(ranks.slice(-SPAN)) - mean(ranks.slice(-2 * SPAN, -SPAN));
  return change >= CHANGE ? "rising" : change <= -CHANGE ? "easing" : "steady";
}

/** The highest level that one message or instrument reached, and where; the latest, if several did. */
export function peakOf(peak: Level, messages: readonly Message[]): Message | null {
  return messages.findLast((message) => message.level === peak) ?? null;
}
