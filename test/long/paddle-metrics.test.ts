import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import type { TrueObject } from '../../src/datasets/truth';
import { encodeLabelMap } from '../../src/image/label-map';
import { seededRandom } from '../../src/metrics/statistics';
import { objectEvaluator } from '../../src/metrics/tasks/objects';
import type { SceneObject } from '../../src/metrics/tasks/scene';
import { taskOfModel } from '../../src/tasks/tasks';
import { makeFolder } from '../helpers/folders';
import { runProcess } from '../helpers/project';
import { askPython, ensurePythonMetrics } from './python-paddle';

/** The toolkits' own code, from PyPI. */
const wheels = `paddledet==2.6.0 --hash=sha256:a3cf717d61c771be000a7cd7f3cc6b254724aacf24db6bfcba1443c2f409deff
paddleseg==2.8.0 --hash=sha256:299e70438e5a2df08ea169dfaee828c75c67c5015e958e9970ccc4d62a90d35c
paddleclas==2.6.0 --hash=sha256:3c12fd8994d95ed1b4fd60017cdbc12bb0e77a41a7921b022e9a6fb5d287fe8a
`;

interface BoxImage {
  /** Class, box, difficult. */
  readonly truths: number[][];
  /** Class, score, box; best score first. */
  readonly found: number[][];
}
interface PixelImage {
  readonly truth: number[][];
  readonly found: number[][];
}
interface LabelSet {
  readonly scores: number[][];
  readonly truths: number[][];
}
interface Figures {
  readonly boxes: readonly { readonly integral: number; readonly '11point': number }[];
  readonly pixels: readonly { readonly figures: number[]; readonly classes: number[][] }[];
  readonly labels: readonly number[];
}

const sets = 100;
const [width, height] = [12, 9];
const random = seededRandom(17);
const whole = (most: number): number => Math.floor(random() * most);
const many = <T>(count: number, make: () => T): T[] => Array.from({ length: count }, make);

const boxes = many(sets, () => many(2 + whole(10), randomBoxes));
const pixels = many(sets, () => many(1 + whole(4), randomPixels));
const labels = many(sets, randomLabels);

function randomBoxes(): BoxImage {
  const [truths, found]: [number[][], number[][]] = [[], []];
  for (let n = whole(7); n > 0; n--) {
    const [classId, x, y, w, h] = [whole(3), whole(60), whole(60), 2 + whole(28), 2 + whole(28)];
    truths.push([classId, x, y, x + w, y + h, random() < 0.2 ? 1 : 0]);
    for (let m = whole(3); m > 0; m--) {
      const [left, top] = [x + whole(9) - 4, y + whole(9) - 4];
      const box = [left, top, left + Math.max(1, w + whole(9) - 4), top + Math.max(1, h + whole(9) - 4)];
      found.push([random() < 0.9 ? classId : whole(4), whole(21) / 20, ...box]);
    }
  }
  return { truths, found: found.sort((a, b) => b[1]! - a[1]!) };
}

/** Classes 0 to 4, of which some never occur; 255 is ignored, 7 is outside of the classes. */
function randomPixels(): PixelImage {
  const most = 2 + whole(4);
  const labelOf = (): number => (random() < 0.1 ? 255 : random() < 0.05 ? 7 : whole(most));
  const truth = many(height, () => many(width, labelOf));
  return { truth, found: truth.map((row) => row.map((label) => (random() < 0.7 && label < 5 ? label : whole(5)))) };
}

function randomLabels(): LabelSet {
  const images = 5 + whole(20);
  const truths = many(images, () => many(4, () => (random() < 0.4 ? 1 : 0)));
  // scikit-learn has no figure of a class that is never true.
  truths[0] = [1, 1, 1, 1];
  return { truths, scores: truths.map((row) => row.map((one) => Math.round((0.3 * one + 0.7 * random()) * 50) / 50)) };
}

let expected: Figures;

beforeAll(async () => {
  const python = await ensurePythonMetrics();
  if (python === undefined) throw new Error('scikit-learn is needed');
  const folder = makeFolder();
  await writeFile(path.join(folder, 'requirements.txt'), wheels);
  const args = ['-m', 'pip', 'download', '--quiet', '--no-deps', '--dest', folder];
  const { code, stderr } = await runProcess(python, [...args, '-r', path.join(folder, 'requirements.txt')]);
  if (code !== 0) throw new Error(stderr);
  expected = (await askPython(python, 'paddle_metrics.py', { boxes, pixels, labels }, [folder])) as Figures;
}, 600_000);

const image = { width: 100, height: 100 };

test.each([
  ['voc', 'integral'],
  ['voc2007', '11point'],
] as const)(`average precision of ${sets} sets is that of PaddleDetection: %s`, async (metric, rule) => {
  for (const [i, images] of boxes.entries()) {
    const evaluator = objectEvaluator(
      'boxes',
      { labels: [], metric },
      ({ objects }: { image: typeof image; objects: readonly SceneObject[] }) => objects,
    );
    for (const { truths, found } of images) evaluator.add({ image, objects: found.map(foundBox) }, truthOf(truths));
    const { figures } = await evaluator.figures();
    expect(figures[0].value ?? 0, `set ${i}`).toBeCloseTo(expected.boxes[i]![rule], 9);
  }
  expect(expected.boxes.filter((figures) => figures[rule] > 0.2).length).toBeGreaterThan(sets / 2);
});

function foundBox([classId, score, x1, y1, x2, y2]: readonly number[]): SceneObject {
  return { classId: classId!, score: score!, box: [x1!, y1!, x2!, y2!] };
}

function truthOf(rows: readonly number[][]) {
  const objects = rows.map(([classId, x1, y1, x2, y2, difficult]): TrueObject => {
    const box = [x1!, y1!, x2! - x1!, y2! - y1!] as const;
    return { classId: classId!, box, area: box[2] * box[3], crowd: false, ignored: difficult === 1 };
  });
  return { kind: 'objects', objects } as const;
}

test(`mIoU, accuracy, Dice, kappa and the classes of ${sets} sets are those of PaddleSeg`, async () => {
  const size = { width, height };
  for (const [i, images] of pixels.entries()) {
    const evaluator = taskOfModel({ task: 'semantic-segmentation' }).evaluator!({ labels: ['a', 'b', 'c', 'd', 'e'] });
    for (const { truth, found } of images) {
      const segments = encodeLabelMap({ ...size, data: Uint8Array.from(found.flat()) });
      const data = Uint8Array.from(truth.flat());
      evaluator.add({ image: size, segments } as never, { kind: 'pixels', pixels: { ...size, data } });
    }
    const { figures, classes } = await evaluator.figures();
    const close = (values: readonly number[]) => values.map((value) => expect.closeTo(value, 9));
    expect(
      figures.map(({ value }) => value),
      `set ${i}`,
    ).toEqual(close(expected.pixels[i]!.figures));
    const rows = classes.map(({ values }) => values.slice(0, 4));
    expect(rows, `set ${i}`).toEqual(expected.pixels[i]!.classes.map(close));
  }
});

test(`the mean average precision of ${sets} sets of several labels is that of PaddleClas`, async () => {
  for (const [i, { scores, truths }] of labels.entries()) {
    const evaluator = taskOfModel({ task: 'classification' }).evaluator!({ labels: [] });
    for (const [n, row] of scores.entries()) {
      const classIds = truths[n]!.flatMap((one, classId) => (one === 1 ? [classId] : []));
      const classes = row.map((score, classId) => ({ classId, label: '', score }));
      evaluator.add({ classes } as never, { kind: 'classes', classIds });
    }
    const { figures } = await evaluator.figures();
    expect(figures[0].name).toBe('mAP');
    expect(figures[0].value, `set ${i}`).toBeCloseTo(expected.labels[i]!, 9);
  }
});
