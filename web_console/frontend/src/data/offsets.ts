/**
 * The server counts characters as Unicode code points (Python); JavaScript strings count UTF-16 units, so an emoji or a rare
 * Chinese character before a cue would shift the mark. This turns code-point offsets into UTF-16 ones.
 */
export function toUtf16(text: string, codePoints: readonly number[]): number[] {
  const wanted = [...new Set(codePoints)].sort((a, b) => a - b);
  const found = new Map<number, number>();
  let point = 0;
  let unit = 0;
  let next = 0;
  while (next < wanted.length) {
    if (wanted[next]! <= point || unit >= text.length) {
      found.set(wanted[next]!, unit);
      next += 1;
      continue;
    }
    unit += text.codePointAt(unit)! > 0xffff ? 2 : 1;
    point += 1;
  }
  return codePoints.map((offset) => found.get(offset) ?? text.length);
}

export interface Span {
  text: string;
  /** Which of the ranges cover this stretch; empty for plain text. */
  marks: number[];
}

/** Cut `text` at the borders of the ranges (in code points; they may overlap), keeping every character once. */
export function spans(text: string, ranges: readonly { start: number; end: number }[]): Span[] {
  const borders = toUtf16(text, ranges.flatMap((range) => [range.start, range.end]));
  const cuts = [...new Set([0, ...borders, text.length])].sort((a, b) => a - b);
  return cuts.slice(0, -1).map((from, index) => {
    const to = cuts[index + 1]!;
    const marks = ranges.flatMap((_, at) => (borders[2 * at]! <= from && to <= borders[2 * at + 1]! ? [at] : []));
    return { text: text.slice(from, to), marks };
  });
}
