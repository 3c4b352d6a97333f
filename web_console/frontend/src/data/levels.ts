import type { Schemas } from "../wire/schema";

/** What the conversation says about danger, as triage and people judge it. */
export type Level = Schemas["Level"];

/** From worst to least. "Unassessed" stands above low: nobody has looked yet, so it is not known to be harmless. */
export const LEVELS: readonly Level[] = ["imminent", "high", "moderate", "unassessed", "low", "none"];

export const rank = (level: Level): number => LEVELS.length - LEVELS.indexOf(level);

export function highest(levels: readonly Level[]): Level | null {
  return levels.reduce<Level | null>((worst, level) => (worst === null || rank(level) > rank(worst) ? level : worst), null);
}

export const atLeast = (level: Level, floor: Level): boolean => rank(level) >= rank(floor);
