import type { TextRegion } from '../results';
import type { TextDetectionSettings } from '../spec/output-settings';

/** Regions whose first corners differ by less than this in height stand on one line. */
const sameLine = 10;

/**
 * The order of both Python pipelines: by the first corner from top to bottom; neighbours of one line from left to right.
 * Outlines of any shape are sorted by their highest point.
 */
export function inReadingOrder(
  regions: readonly TextRegion[],
  boxType: TextDetectionSettings['boxType'],
): readonly TextRegion[] {
  if (boxType === 'poly') return regions.toSorted((a, b) => topOf(a) - topOf(b));
  const sorted = regions.toSorted((a, b) => yOf(a) - yOf(b) || xOf(a) - xOf(b));
  for (let i = 1; i < sorted.length; i++) {
    for (let at = i; at > 0; at--) {
      const [before, region] = [sorted[at - 1] as TextRegion, sorted[at] as TextRegion];
      if (Math.abs(yOf(region) - yOf(before)) >= sameLine || xOf(region) >= xOf(before)) break;
      [sorted[at - 1], sorted[at]] = [region, before];
    }
  }
  return sorted;
}

function xOf({ polygon }: TextRegion): number {
  return polygon[0]?.[0] ?? 0;
}

function yOf({ polygon }: TextRegion): number {
  return polygon[0]?.[1] ?? 0;
}

function topOf({ polygon }: TextRegion): number {
  return Math.min(...polygon.map(([, y]) => y));
}
