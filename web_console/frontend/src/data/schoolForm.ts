/** The school's form: what may stand in it, in which step, and what is still needed. */

export const COLORS = ["red", "orange", "yellow", "blue"] as const;
export type Color = (typeof COLORS)[number];
export const LEVEL_OF = { red: "imminent", orange: "high", yellow: "moderate", blue: "low" } as const;

export const EVENT_TYPES = ["ideation", "plan", "attempt", "self_harm", "death", "violence", "bullied", "sexual_assault", "bereavement", "incident", "acute_symptoms", "other"] as const;
export const HOW_FOUND = ["screening", "talk", "classmate", "parent", "online", "event"] as const;
export const SPECIAL_GROUPS = ["left_behind", "hardship", "disability", "single_parent", "newcomer", "final_year"] as const;
export const REQUESTED_HELP = ["consultation", "crisis_team", "green_channel", "grief_support", "media_support"] as const;
export const REPORTER_ROLES = ["class_teacher", "psychology_teacher", "principal", "university_counselor", "doctor", "classmate", "parent", "other"] as const;

/** The answers so far; a field that is not there has not been answered. Names are the server's. */
export interface Answers {
  level_color?: Color;
  act_in_progress?: boolean;
  event_types?: string[];
  what_happened?: string;
  how_found?: string;
  found_at?: string;
  place?: string;
  means?: string;
  student?: string;
  student_class?: string;
  student_age?: number;
  student_sex?: string;
  boarder?: boolean;
  special_groups?: string[];
  present_place?: string;
  present_state?: string;
  with_whom?: string;
  known_treatment?: string;
  triggers?: string;
  protective_factors?: string;
  guardian_told?: boolean;
  guardian_who?: string;
  guardian_reaction?: string;
  guardian_refused?: boolean;
  taken_home?: boolean;
  actions?: string;
  called_110?: boolean;
  called_120?: boolean;
  requested_help?: string[];
  affected_others?: string;
  reporter_phone?: string;
  reporter_name?: string;
  reporter_role?: string;
}

export const STEPS = ["level", "event", "student", "contact"] as const;
export type Step = (typeof STEPS)[number];

/** Only what is needed to act: the step in which each is asked. */
const NEEDED: Readonly<Record<NeededField, Step>> = { level_color: "level", event_types: "event", what_happened: "event", reporter_phone: "contact" };
export type NeededField = "level_color" | "event_types" | "what_happened" | "reporter_phone";

export interface Gap {
  field: NeededField;
  step: Step;
}

export function gapsOf(answers: Answers): Gap[] {
  return (Object.entries(NEEDED) as [NeededField, Step][]).filter(([field]) => !isFilled(answers[field])).map(([field, step]) => ({ field, step }));
}

const isFilled = (value: unknown): boolean => (typeof value === "string" ? value.trim() !== "" : Array.isArray(value) ? value.length > 0 : value !== undefined);

/** What goes to the server: without blanks and empty lists; a local time with its zone. */
export function cleaned(answers: Answers): Record<string, unknown> {
  const filled = Object.entries(answers).filter(([, value]) => isFilled(value));
  const texts = filled.map(([name, value]) => [name, typeof value === "string" ? value.trim() : value] as const);
  const report: Record<string, unknown> = Object.fromEntries(texts);
  if (typeof report["found_at"] === "string") report["found_at"] = new Date(report["found_at"]).toISOString();
  if (report["level_color"] !== "red") delete report["act_in_progress"];
  return report;
}

/** Add a code to a list of answers, or take it out. */
export function toggled(list: readonly string[] | undefined, code: string): string[] {
  const held = list ?? [];
  return held.includes(code) ? held.filter((each) => each !== code) : [...held, code];
}
