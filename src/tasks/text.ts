import { matchObjects } from '../agreement/match-objects';
import type { TextAgreement } from '../agreement/texts';
import type { SceneObject } from '../drawing/annotators/annotator';
import { boxAround } from '../drawing/geometry';
import type { TextLine, TextResult, TextTiles } from '../results';
import type { ResultDefinition } from './task-definition';

/** A page of text: no model's own task, but what a detector and a recogniser find together. */
export const text: ResultDefinition<TextResult> = {
  finds: 'text',
  content: 'lines',
  nouns: ['line of text', 'lines of text'],
  found: ({ lines }) => lines.map((line) => ({ classId: 0, label: line.text, score: line.score })),
  objects: ({ lines }) => lines.map(drawn).sort((a, b) => b.score - a.score),
  annotators: ['rotatedBox', 'text'],
  table: ({ lines }) => ({
    columns: [
      { title: 'text', align: 'left' },
      { title: 'score', align: 'right' },
      ...corners.map((title) => ({ title, align: 'right' as const })),
    ],
    rows: lines.map((line) => [
      line.text,
      line.score.toFixed(4),
      ...boxAround(line.polygon).map((side) => side.toFixed(0)),
    ]),
  }),
  csv: ({ lines }) => ({
    columns: ['text', 'score', 'detection_score', 'polygon'],
    rows: lines.map((line) => [line.text, line.score, line.detectionScore ?? '', line.polygon.flat().join(' ')]),
  }),
  compare: compareLines,
  note: ({ tiles }) => (tiles === undefined ? undefined : tilesText(tiles)),
};

/** How lines of a large image were found. */
export function tilesText({ size, count }: TextTiles): string {
  return `lines found in ${count} tile${count === 1 ? '' : 's'} of up to ${size}×${size}`;
}

const corners = ['x1', 'y1', 'x2', 'y2'] as const;

type Drawn = SceneObject & { readonly score: number };

function drawn(line: TextLine): Drawn {
  return {
    classId: 0,
    label: line.text,
    score: line.score,
    box: boxAround(line.polygon),
    corners: line.polygon.flat(),
  };
}

const sameLine = 0.5;

/** Lines are the same if their boxes overlap by half; each that is missing or has another text counts as different. */
function compareLines(baseline: TextResult, result: TextResult): TextAgreement {
  const [expected, found] = [baseline, result].map(({ lines }) => lines.map(drawn)) as [Drawn[], Drawn[]];
  const { pairs } = matchObjects(found, expected, sameLine);
  const equal = pairs.filter(([a, b]) => a.label === b.label);
  const differences = equal.map(([a, b]) => Math.abs(a.score - b.score));
  return {
    kind: 'texts',
    same: equal.length,
    expected: Math.max(expected.length, found.length),
    maxScoreDifference: Math.max(0, ...differences),
  };
}
