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

/** The Mondays whose weeks are over, newest first. */
export const finishedWeeks = (drift: Drift): string[] => drift.weeks.slice(0, -1).map((week) => week.week).reverse();

/** How far a sample has been read, and what was found in it. */
export function progress(items: readonly Sampled[]): { read: number; missed: number; of: number } {
  const read = items.filter((item) => item.reading !== null);
  return { read: read.length, missed: read.filter((item) => item.reading!.verdict === "missed").length, of: items.length };
}

/** One line a message, as `python -m triage train` reads it. */
export const asLines = (labels: readonly Label[]): string => labels.map((label) => `${JSON.stringify(label)}\n`).join("");
