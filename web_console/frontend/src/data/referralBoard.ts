/** The referral board: groups of stages, late first, filtered by what stands in the address. */
import type { Referral, ReferralStage } from "./referrals";
import type { Table } from "./table";

export const LANES = ["filed", "verifying", "registered", "referred", "assessing", "agreement", "in_service", "evaluation", "after", "over"] as const;
export type Lane = (typeof LANES)[number];

const LANE_OF: Record<ReferralStage, Lane> = {
  draft: "filed",
  submitted: "filed",
  returned: "filed",
  verifying: "verifying",
  registered: "registered",
  declined: "registered",
  referred: "referred",
  accepted: "assessing",
  assessing: "assessing",
  unsuitable: "assessing",
  agreement: "agreement",
  in_service: "in_service",
  suspended: "in_service",
  stage_evaluation: "evaluation",
  closed: "after",
  follow_up: "after",
  archived: "over",
  not_registered: "over",
  withdrawn: "over",
};

export const laneOf = (stage: ReferralStage): Lane => LANE_OF[stage];

export interface Filters {
  need: string;
  channel: string;
  institution: string;
  /** "late": only what is late. "mine": only what this person may move. */
  only: string;
  text: string;
}

export const NO_FILTERS: Filters = { need: "", channel: "", institution: "", only: "", text: "" };

/** From and to the part after `?` in the address. */
export function filtersFrom(query: string): Filters {
  const given = new URLSearchParams(query);
  return Object.fromEntries(Object.keys(NO_FILTERS).map((name) => [name, given.get(name) ?? ""])) as unknown as Filters;
}

export function queryOf(filters: Filters): string {
  const given = Object.entries(filters).filter(([, value]) => value !== "");
  return new URLSearchParams(given as [string, string][]).toString();
}

export function passes(referral: Referral, filters: Filters): boolean {
  if (filters.need && !referral.needs.includes(filters.need)) return false;
  if (filters.channel && referral.channel !== filters.channel) return false;
  if (filters.institution && referral.institution?.id !== filters.institution) return false;
  if (filters.only === "late" && !referral.overdue) return false;
  if (filters.only === "mine" && referral.next_moves.length === 0) return false;
  return filters.text === "" || `${referral.number} ${referral.person.name_masked}`.toLowerCase().includes(filters.text.toLowerCase());
}

export function lanesOf(referrals: Table<Referral>, filters: Filters): Record<Lane, Referral[]> {
  const lanes = Object.fromEntries(LANES.map((lane) => [lane, [] as Referral[]])) as Record<Lane, Referral[]>;
  for (const referral of Object.values(referrals)) if (passes(referral, filters)) lanes[laneOf(referral.stage)].push(referral);
  for (const lane of LANES) lanes[lane].sort(lateFirst);
  return lanes;
}

/** Late first, then what is due first, then what has no date. */
function lateFirst(a: Referral, b: Referral): number {
  if (a.overdue !== b.overdue) return a.overdue ? -1 : 1;
  return (a.due_on ?? "9999").localeCompare(b.due_on ?? "9999") || a.number.localeCompare(b.number);
}

/** The order in which moves are thought of: what goes on first, what ends it last. */
const FORWARD = ["submit", "verify", "register", "refer", "accept", "assess", "found_suitable", "sign", "evaluate", "continue", "resume", "close", "visit", "archive"];

/** The one filled button: the move that goes on. */
export function nextAct(referral: Referral): Referral["next_moves"][number] | null {
  const ranked = referral.next_moves
    .map((move) => ({ move, rank: FORWARD.indexOf(move.move) }))
    .filter(({ rank }) => rank >= 0)
    .sort((a, b) => a.rank - b.rank);
  return ranked[0]?.move ?? null;
}

/** Where a move leads, as lanes go: for dragging. `null`: it stays where it is or ends. */
export const LANE_AFTER: Readonly<Record<string, Lane>> = {
  submit: "filed",
  verify: "verifying",
  return: "filed",
  register: "registered",
  refer: "referred",
  decline: "registered",
  accept: "assessing",
  assess: "assessing",
  found_suitable: "agreement",
  sign: "in_service",
  evaluate: "evaluation",
  continue: "in_service",
  resume: "in_service",
  suspend: "in_service",
  close: "after",
  visit: "after",
  archive: "over",
  reopen: "registered",
  refuse: "over",
  withdraw: "over",
};

/** The move that brings a card into a lane; null where none does. */
export function moveInto(referral: Referral, lane: Lane): Referral["next_moves"][number] | null {
  if (laneOf(referral.stage) === lane) return null;
  const ways = referral.next_moves.filter((move) => LANE_AFTER[move.move] === lane);
  return ways.find((move) => FORWARD.includes(move.move)) ?? ways[0] ?? null;
}
