import { describe, expect, test } from 'vitest';
import { PaddleLabError, type Tensor, toCoco, visualize } from '../../src';
import { conventionsOf } from '../../src/layouts/conventions';
import { Model } from '../../src/model/model';
import { readOutputs } from '../../src/model-io/model-io';
import { predictBatch, predictOutcomes } from '../../src/predict/predict-batch';
import { SessionPool } from '../../src/predict/session-pool';
import type { Task } from '../../src/results';
import type { TextDetectionSettings } from '../../src/spec/output-settings';
import type { ModelSpec } from '../../src/spec/spec';
import { tensor } from '../helpers/postprocess';

const image = { width: 40, height: 30 };
const hostile = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e30, -1e30];

/** Reproducible random numbers from a seed (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

type Random = () => number;

function floats(shape: readonly number[], random: Random, scale = 1): Tensor {
  const count = shape.reduce((product, extent) => product * extent, 1);
  return tensor(
    'float32',
    shape,
    Array.from({ length: count }, () => random() * scale),
  );
}

function boxes(count: number, columns: number, random: Random): Tensor {
  const rows = Array.from({ length: count }, (_, i) => [
    i % 3,
    random(),
    ...Array.from({ length: columns - 2 }, () => random() * 30),
  ]);
  return tensor('float32', [count, columns], rows.flat());
}

/** Rows of 0 to 9 as cells of a map. */
function cells(shape: readonly number[], most: number, random: Random): Tensor {
  const count = shape.reduce((product, extent) => product * extent, 1);
  return tensor(
    'int64',
    shape,
    Array.from({ length: count }, () => Math.floor(random() * most)),
  );
}

interface Case {
  readonly name: string;
  readonly task: Exclude<Task, 'custom' | 'tensors'>;
  readonly spec?: Partial<ModelSpec>;
  outputs(random: Random): Tensor[];
}

const textRules: Omit<TextDetectionSettings, 'boxType'> = {
  ...{ preset: 'paddlex', pixelThreshold: 0.3, boxThreshold: 0.3, maxCandidates: 1000, unclipRatio: 1.5, minSize: 0 },
  ...{ dilation: false, scoreMode: 'fast' },
};

const cases: readonly Case[] = [
  {
    name: 'detection',
    task: 'detection',
    outputs: (random) => [boxes(20, 6, random), tensor('int32', [1], [20])],
  },
  {
    name: 'detection of PaddleX, with all steps of its layout processing',
    task: 'detection',
    spec: {
      family: 'PaddleX',
      outputs: { paddlex: { layoutNms: true, merge: 'large', unclip: [1.1, 1.1] } as never },
    },
    outputs: (random) => [boxes(20, 8, random), tensor('int32', [1], [20])],
  },
  {
    name: 'raw PicoDet',
    task: 'detection',
    spec: { outputs: { picodet: { strides: [8, 16], nmsThreshold: 0.5 } as never } },
    outputs: (random) => [
      floats([1, 20, 3], random),
      floats([1, 6, 3], random),
      floats([1, 20, 32], random, 8),
      floats([1, 6, 32], random, 8),
    ],
  },
  {
    name: 'faces with landmarks',
    task: 'detection',
    spec: { outputs: { landmarks: true } as never },
    outputs: (random) => [boxes(8, 6, random), cells([8], 8, random), floats([8, 10], random), floats([8, 4], random)],
  },
  {
    name: 'rotated boxes',
    task: 'rotated-detection',
    outputs: (random) => [boxes(10, 10, random), tensor('int32', [1], [10])],
  },
  {
    name: 'Mask R-CNN',
    task: 'instance-segmentation',
    outputs: (random) => [
      boxes(4, 6, random),
      tensor('int32', [1], [4]),
      tensor(
        'int32',
        [4, 30, 40],
        Array.from({ length: 4800 }, () => (random() > 0.5 ? 1 : 0)),
      ),
    ],
  },
  {
    name: 'Mask R-CNN of 1.x',
    task: 'instance-segmentation',
    spec: { family: 'PaddleDetection 1.x' },
    outputs: (random) => [boxes(4, 6, random), floats([4, 3, 14, 14], random)],
  },
  {
    name: 'SOLOv2',
    task: 'instance-segmentation',
    spec: { arch: 'SOLOv2' },
    outputs: (random) => [
      tensor('int32', [1], [4]),
      cells([4], 3, random),
      floats([4], random),
      tensor(
        'uint8',
        [4, 30, 40],
        Array.from({ length: 4800 }, () => (random() > 0.5 ? 1 : 0)),
      ),
    ],
  },
  {
    name: 'segmentation by maps',
    task: 'semantic-segmentation',
    outputs: (random) => [floats([1, 4, 15, 20], random)],
  },
  {
    name: 'segmentation by labels in floats',
    task: 'semantic-segmentation',
    outputs: (random) => [floats([1, 15, 20], random, 3)],
  },
  ...(['quad', 'poly'] as const).map(
    (boxType): Case => ({
      name: `regions of text, ${boxType}`,
      task: 'text-detection',
      spec: { outputs: { textDetection: { ...textRules, boxType } } },
      outputs: (random) => [floats([1, 1, 64, 96], random)],
    }),
  ),
  {
    name: 'classification',
    task: 'classification',
    outputs: (random) => [floats([1, 30], random)],
  },
  {
    name: 'joints of one person',
    task: 'keypoints',
    outputs: (random) => [floats([1, 5, 16, 12], random)],
  },
  {
    name: 'joints of several people',
    task: 'keypoints',
    spec: { arch: 'HigherHRNet' },
    outputs: (random) => [
      floats([1, 4, 16, 16], random),
      floats([1, 4, 16, 16, 1], random, 20),
      floats([1, 4, 6], random),
      cells([1, 4, 6], 256, random),
    ],
  },
];

function specOf({ task, spec }: Case): ModelSpec {
  const described = {
    ...{
      layout: 'test',
      family: 'PaddleDetection 2.x',
      task,
      arch: 'YOLO',
      labels: Array.from({ length: 30 }, (_, i) => `class ${i}`),
    },
    ...{ inputSize: undefined, preprocess: [], outputs: {} },
    files: { directory: 'm', config: undefined, program: '', params: '', format: 'pdmodel' },
    ...spec,
  } as ModelSpec;
  return { ...described, conventions: conventionsOf(described) };
}

/** Replaces some values of float outputs by meaningless ones. */
function spoil(outputs: readonly Tensor[], random: Random, share: number): Tensor[] {
  return outputs.map((output) => {
    if (!(output.data instanceof Float32Array)) return output;
    const data = output.data.map((value) =>
      random() < share ? (hostile[Math.floor(random() * hostile.length)] as number) : value,
    );
    return { ...output, data };
  });
}

/** Whether JSON keeps a value, unlike NaN and infinities. */
function isJsonSafe(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return true;
  return Object.values(value).every(isJsonSafe);
}

describe.each(cases)('$name', (one) => {
  const spec = specOf(one);

  test('valid outputs have a result', async () => {
    const result = await readOutputs(spec, one.task, one.outputs(randomOf(1)), { image, threshold: 0.3 });
    expect(result.kind).toBe(one.task);
    expect(isJsonSafe(result)).toBe(true);
  });

  test.each([0.002, 0.05, 1])(
    'outputs with a share of %d meaningless values have a result or an error',
    async (share) => {
      const endings = new Set<string>();
      for (let seed = 0; seed < 25; seed++) {
        const random = randomOf(seed);
        const outputs = spoil(one.outputs(random), random, share);
        const result = await readOutputs(spec, one.task, outputs, { image, threshold: 0.3 }).catch((error) => error);
        if (result instanceof PaddleLabError) {
          expect(result.code).toBe('OUTPUT_INVALID');
          expect(result.message).toMatch(/^Expected meaningful outputs but .* \(.*\); try precision: "fp32"/s);
          endings.add('refused');
        } else {
          expect(result, String(result?.stack)).not.toBeInstanceOf(Error);
          expect(isJsonSafe(result), JSON.stringify(result)).toBe(true);
          endings.add('result');
        }
      }
      expect(endings.size).toBeGreaterThan(0);
    },
  );
});

test('finite but absurd numbers are drawn and written in bounded time', async () => {
  const [detection] = cases as [Case];
  const rows = [0, 0.9, -1e30, -1e30, 1e30, 1e30, 1, 0.8, 1e30, 1e30, 1e30, 1e30, 2, 0.7, 5, 5, 1e30, 12];
  const outputs = [tensor('float32', [3, 6], rows), tensor('int32', [1], [3])];
  const result = await readOutputs(specOf(detection), 'detection', outputs, { image });
  expect(result.detections).toHaveLength(3);
  expect(toCoco(result, { imageId: 1 })).toHaveLength(3);
  const pixels = { ...image, data: new Uint8Array(image.width * image.height * 3) };
  const picture = await visualize(pixels as never, result);
  expect((await picture.toBuffer()).length).toBeGreaterThan(0);
});

test('in a batch, only the image with meaningless outputs fails, and the others are unchanged', async () => {
  const [detection] = cases as [Case];
  const spec = specOf(detection);
  const rows = (score: number) => [0, score, 1, 2, 3, 4];
  const table = [...rows(0.9), ...rows(Number.POSITIVE_INFINITY), ...rows(0.7), ...rows(Number.NaN)];
  const predictor = {
    inputNames: ['image'],
    inputs: [{ name: 'image', dtype: 'float32', shape: [-1, 3, -1, -1] }],
    releaseInputs: () => undefined,
    run: async () => [tensor('float32', [4, 6], table), tensor('int32', [4], [1, 1, 1, 1])],
  };
  const model = new Model('detection', spec, predictor as never);
  const pixels = { ...image, data: new Uint8Array(image.width * image.height * 3) };
  const options = { threshold: 0.5, raw: false, probabilities: false, batchSize: 4, signal: undefined };
  const inputs = Array(4).fill(pixels);
  const outcomes = await predictOutcomes(model, SessionPool.open(model.session, 1), inputs as never, options);
  expect(outcomes.map(({ kind }) => kind)).toEqual(['result', 'failed', 'result', 'result']);
  const scores = outcomes.map((one) => (one.kind === 'result' ? one.result.detections.map(({ score }) => score) : []));
  expect(scores.map(([score]) => score?.toFixed(2))).toEqual(['0.90', undefined, '0.70', undefined]);
  await expect(predictBatch(model, inputs as never, options)).rejects.toMatchObject({ code: 'OUTPUT_INVALID' });
});

test.each<[string, Task & Case['task'], Partial<ModelSpec>, () => Tensor[]]>([
  [
    'label maps',
    'semantic-segmentation',
    {},
    () => [tensor('float32', [1, 2, 512, 512], Array(2 * 512 * 512).fill(0.5))],
  ],
  [
    'masks',
    'instance-segmentation',
    {},
    () => [
      tensor('float32', [1, 6], [0, 0.9, 0, 0, 40, 30]),
      tensor('int32', [1], [1]),
      tensor('int32', [1, 512, 512], Array(512 * 512).fill(1)),
    ],
  ],
  [
    'missing joints',
    'keypoints',
    { arch: 'HigherHRNet' },
    () => [
      tensor('float32', [1, 2, 256, 256], Array(2 * 256 * 256).fill(0.5)),
      tensor('float32', [1, 2, 256, 256, 1], Array(2 * 256 * 256).fill(0)),
      tensor('float32', [1, 2, 1], [0.9, 0]),
      tensor('int64', [1, 2, 1], [5, 5]),
    ],
  ],
])('the event loop is not blocked while %s are computed', async (name, task, own, outputs) => {
  const spec = specOf({ name, task, spec: own, outputs });
  const big = { width: 1024, height: 1024 };
  let turns = 0;
  let over = false;
  const turn = (): void => {
    turns++;
    if (!over) setImmediate(turn);
  };
  setImmediate(turn);
  await readOutputs(spec, task, outputs(), { image: big });
  over = true;
  expect(turns).toBeGreaterThan(0);
});
