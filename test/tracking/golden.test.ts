import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { createTracker } from '../../src/tracking/create-tracker';
import { assignRows } from '../../src/tracking/linear-assignment';
import type { Tracker, TrackerName } from '../../src/tracking/tracker';
import { projectRoot } from '../helpers/project';

type Row = readonly number[];

interface Run {
  readonly tracker: TrackerName;
  /** In Python's spelling. */
  readonly options: Readonly<Record<string, number | boolean>>;
  /** Of each frame: id, class (-1: not known), score, x1, y1, x2, y2. */
  readonly frames: readonly (readonly Row[])[];
}

/** Made by golden.py with PaddleDetection's own trackers. */
interface Sequence {
  /** Of each frame: class, score, x1, y1, x2, y2. */
  readonly frames: readonly (readonly Row[])[];
  readonly runs: readonly Run[];
}

const folder = path.join(projectRoot, 'test/golden/tracking');
const read = (file: string) => JSON.parse(readFileSync(path.join(folder, file), 'utf8'));
const names = readdirSync(folder).filter((file) => file !== 'assignments.json');
const camelCase = (name: string): string => name.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase());

const runs = names.flatMap((file) =>
  (read(file) as Sequence).runs.map((run) => ({
    sequence: path.parse(file).name,
    shown: JSON.stringify(run.options),
    ...run,
    inputs: (read(file) as Sequence).frames,
  })),
);

function trackerOf({ tracker, options }: Run): Tracker {
  const given = Object.fromEntries(Object.entries(options).map(([name, value]) => [camelCase(name), value]));
  return createTracker(tracker as 'bytetrack', given);
}

function follow(tracker: Tracker, frame: readonly Row[]): Row[] {
  const detections = frame.map(([classId = 0, score = 0, x1 = 0, y1 = 0, x2 = 0, y2 = 0]) => {
    return { classId, label: `class ${classId}`, score, box: [x1, y1, x2, y2] as const };
  });
  return tracker.update(detections).map(({ id, classId, score, box }) => [id, classId, score, ...box]);
}

/** Without the class where Python's tracker has none. */
const comparable = (rows: readonly Row[], expected: readonly Row[]): Row[] =>
  rows.map(([id = 0, classId = 0, ...rest], i) => [id, expected[i]?.[1] === -1 ? -1 : classId, ...rest]);

describe('ids, boxes and scores are those of PaddleDetection in each frame', () => {
  test.each(runs)('$tracker $shown on $sequence', (run) => {
    const tracker = trackerOf(run);
    for (const [t, frame] of run.inputs.entries()) {
      const expected = run.frames[t]!;
      const found = comparable(follow(tracker, frame), expected);
      expect(
        found.map(([id]) => id),
        `frame ${t + 1}`,
      ).toEqual(expected.map(([id]) => id));
      const distances = found.map((row, i) => Math.max(...row.map((value, k) => Math.abs(value - expected[i]![k]!))));
      expect(Math.max(0, ...distances), `frame ${t + 1}`).toBeLessThan(1e-3);
    }
  });

  test('five sequences or more of 60 to 200 frames for each tracker, with the ids of several objects', () => {
    for (const name of ['bytetrack', 'oc-sort', 'bot-sort']) {
      const own = runs.filter(({ tracker }) => tracker === name);
      expect(new Set(own.map(({ sequence }) => sequence)).size).toBeGreaterThanOrEqual(5);
      for (const { frames } of own) {
        expect(frames.length).toBeGreaterThanOrEqual(60);
        expect(new Set(frames.flat().map(([id]) => id)).size).toBeGreaterThan(2);
      }
    }
  });

  test.each(runs.filter(({ sequence }) => sequence === 'gaps'))('$tracker $shown after a reset', (run) => {
    const tracker = trackerOf(run);
    const first = run.inputs.map((frame) => follow(tracker, frame));
    tracker.reset();
    expect(run.inputs.map((frame) => follow(tracker, frame))).toEqual(first);
  });
});

interface Assignment {
  readonly costs: readonly (readonly number[])[];
  readonly limit: number | null;
  readonly rows: readonly number[];
}

test('of assignments with equal cost, the one of lap.lapjv is chosen', () => {
  const cases: Assignment[] = read('assignments.json');
  const found = cases.map(({ costs, limit }) => {
    const columns = costs[0]?.length ?? 0;
    const matrix = { rows: costs.length, columns, values: Float64Array.from(costs.flat()) };
    return [...assignRows(matrix, limit ?? undefined)];
  });
  expect(found).toEqual(cases.map(({ rows }) => rows));
});
