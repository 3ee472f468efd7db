import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { type Anchor, createZone, type ZonePoint } from '../../src';
import { projectRoot } from '../helpers/project';

/** Made by golden.py with supervision's LineZone. */
interface Golden {
  /** Of each frame: id, class, x1, y1, x2, y2. */
  readonly frames: readonly (readonly (readonly [number, number, number, number, number, number])[])[];
  readonly runs: readonly {
    readonly line: readonly [from: ZonePoint, to: ZonePoint];
    readonly anchors: string;
    readonly minFrames: number;
    readonly in: number;
    readonly out: number;
    readonly perClass: readonly Readonly<Record<string, number>>[];
    /** Of each frame: the ids that crossed in and out. */
    readonly crossed: readonly (readonly (readonly number[])[])[];
  }[];
}

const { frames, runs }: Golden = JSON.parse(readFileSync(path.join(projectRoot, 'test/golden/zones.json'), 'utf8'));

test.each(runs.map((run) => ({ ...run, shown: JSON.stringify(run.line) })))(
  'a line counts as in supervision: $shown, $anchors, $minFrames frames',
  ({ line: [from, to], anchors, minFrames, ...expected }) => {
    const chosen = anchors === 'corners' ? {} : { anchors: anchors.split(',') as Anchor[] };
    const zone = createZone({ kind: 'line', from, to }, { minFrames, ...chosen });
    const crossed = frames.map((rows) => {
      const objects = rows.map(([trackId, classId, ...box]) => ({ trackId, classId, box }) as const);
      const { in: inward, out } = zone.update(objects);
      return [inward.map(({ trackId }) => trackId), out.map(({ trackId }) => trackId)];
    });
    expect(crossed).toEqual(expected.crossed);
    expect(zone.counts).toMatchObject({ in: expected.in, out: expected.out });
    const perClass = (way: 'in' | 'out') =>
      Object.fromEntries(zone.counts.byClass.filter((row) => row[way] > 0).map((row) => [row.classId, row[way]]));
    expect([perClass('in'), perClass('out')]).toEqual(expected.perClass);
    expect(expected.in + expected.out).toBeGreaterThan(10);
  },
);
