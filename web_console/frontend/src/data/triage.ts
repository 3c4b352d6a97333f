import { http } from "../wire/http";
import type { Schemas } from "../wire/schema";
import type { Level } from "./levels";

export type Drift = Schemas["DriftView"];
export type Figure = Schemas["FigureView"];
export type Share = Schemas["ShareView"];
export type Sampled = Schemas["SampledView"];
export type SampledMessage = Schemas["SampledMessage"];
export type Label = Schemas["LabelView"];
export type SampleReading = Schemas["ReadingView"];
export type ReadLevel = Exclude<Level, "unassessed">;

export const fetchDrift = (weeks: number) => http.get<Drift>(`/api/triage/drift?weeks=${weeks}`);
export const fetchSample = (week: string) => http.get<{ items: Sampled[] }>(`/api/triage/sample?week=${week}`);
export const openSampled = (id: string) => http.get<SampledMessage>(`/api/triage/sample/${id}`);
export const keepReading = (id: string, level: ReadLevel) => http.post<SampleReading>(`/api/triage/sample/${id}/reading`, { level });
export const fetchLabels = () => http.get<{ items: Label[] }>("/api/triage/labels");

/** The figures of one kind ("alarm", "cue", …): those that moved first, then the most frequent. */
export function figuresOf(drift: Drift, kind: string): Figure[] {
  const weight = (figure: Figure) => (figure.moved ? 1e9 : 0) + figure.series.reduce((sum, share) => sum + share.hits, 0);
  return drift.figures.filter((figure) => figure.name.split(".")[0] === kind).sort((a, b) => weight(b) - weight(a) || a.name.localeCompare(b.name));
}

export const codeOf = (figure: Figure): string => figure.name.slice(figure.name.indexOf(".") + 1);

export const thisWeek = (figure: Figure): Share => figure.series.at(-1)!;

const DAY_MS = 86_400_000;
/** The service's day begins at midnight in China, which has one time zone and no summer time. */
const SERVICE_MS = 8 * 3_600_000;

/** The Mondays of the last weeks that are over where the service is, newest first. */
export function finishedWeeks(now: number, count: number): string[] {
  const today = Math.floor((now + SERVICE_MS) / DAY_MS);
  // Day 0 was a Thursday.
  const monday = today - ((today + 3) % 7);
  return Array.from({ length: count }, (_, back) => new Date((monday - 7 * (back + 1)) * DAY_MS).toISOString().slice(0, 10));
}

/** How far a sample has been read, and what was found in it. */
export function progress(items: readonly Sampled[]): { read: number; missed: number; of: number } {
  const read = items.filter((item) => item.reading !== null);
  return { read: read.length, missed: read.filter((item) => item.reading!.verdict === "missed").length, of: items.length };
}

/** What JSON leaves as it is and other readers take for the end of a line. */
const LINE_ENDS = /[\u0085\u2028\u2029]/g;

/** One line a message, as `python -m triage train` reads it. */
export const asLines = (labels: readonly Label[]): string =>
  labels.map((label) => `${JSON.stringify(label).replace(LINE_ENDS, (end) => `\\u${end.charCodeAt(0).toString(16).padStart(4, "0")}`)}\n`).join("");
