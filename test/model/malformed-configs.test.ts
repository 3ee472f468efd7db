import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { dump } from 'js-yaml';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readModelSpec } from '../../src/layouts/layouts';

type Key = string | number;

/** A family's configuration, with paths and invalid values for them. */
interface Base {
  readonly file: string;
  readonly program: readonly string[];
  readonly config: object;
  readonly wrong: readonly (readonly [path: readonly Key[], values: readonly unknown[]])[];
  readonly required: readonly (readonly Key[])[];
}

const huge = 1e9;
const notBoolean = ['on demand', 3, [true]];
const notNumbers = ['x', [1, 2], [1, 2, 'x'], { r: 1 }, [1, 2, huge * 10]];
const notLabels = ['circle', 5, { a: 1 }, [['circle']], [{ name: 'circle' }]];

const bases: Record<string, Base> = {
  'PaddleDetection 2.x': {
    file: 'infer_cfg.yml',
    program: ['model.pdmodel', 'model.pdiparams'],
    config: {
      arch: 'GFL',
      mask: false,
      Preprocess: [
        { type: 'Resize', target_size: [256, 256], keep_ratio: false, interp: 2 },
        { type: 'NormalizeImage', mean: [0.4, 0.4, 0.4], std: [0.2, 0.2, 0.2], is_scale: true, norm_type: 'none' },
        { type: 'Permute' },
        { type: 'PadStride', stride: 32 },
      ],
      label_list: ['circle', 'square'],
    },
    wrong: [
      [['arch'], [5, ['GFL'], 'FairMOT', { name: 'GFL' }]],
      [['mask'], notBoolean],
      [['Preprocess'], ['Resize', 5, { type: 'Resize' }]],
      [
        ['Preprocess', 0],
        ['Resize', 5, [1]],
      ],
      [
        ['Preprocess', 0, 'type'],
        ['Resiz', 5, 'constructor', '__proto__', ['Resize']],
      ],
      [
        ['Preprocess', 0, 'target_size'],
        ['wide', [256], [1, 2, 3], { w: 1 }, huge, 0, Number.NaN],
      ],
      [
        ['Preprocess', 0, 'target_size', 1],
        ['wide', huge, -1, 0, 1.5, [1], Number.POSITIVE_INFINITY],
      ],
      [['Preprocess', 0, 'keep_ratio'], notBoolean],
      [
        ['Preprocess', 0, 'interp'],
        [7, 'cubic', -1, 1.5],
      ],
      [['Preprocess', 1, 'mean'], notNumbers],
      [
        ['Preprocess', 1, 'std'],
        [...notNumbers, [0, 1, 1]],
      ],
      [
        ['Preprocess', 1, 'norm_type'],
        ['other', 5],
      ],
      [
        ['Preprocess', 3, 'stride'],
        [huge, 'x', 1.5],
      ],
      [['label_list'], notLabels],
    ],
    required: [
      ['arch'],
      ['Preprocess'],
      ['label_list'],
      ['Preprocess', 0, 'type'],
      ['Preprocess', 0, 'target_size'],
      ['Preprocess', 1, 'std'],
    ],
  },
  'PaddleDetection 1.x': {
    file: 'infer_cfg.yml',
    program: ['__model__', '__params__'],
    config: {
      use_python_inference: false,
      arch: 'RCNN',
      Preprocess: [
        { type: 'Resize', target_size: 256, max_size: 352, interp: 1, use_cv2: true },
        { type: 'Normalize', mean: [0.4, 0.4, 0.4], std: [0.2, 0.2, 0.2], is_channel_first: false },
        { type: 'Permute', to_bgr: false, channel_first: true },
      ],
      label_list: ['background', 'circle'],
    },
    wrong: [
      [
        ['Preprocess', 0, 'max_size'],
        [huge, 'x', -5],
      ],
      [
        ['Preprocess', 0, 'use_cv2'],
        [...notBoolean, false],
      ],
      [
        ['Preprocess', 0, 'target_size'],
        [[256, 256], huge, 'x'],
      ],
      [['Preprocess', 1, 'is_channel_first'], notBoolean],
      [['Preprocess', 2, 'to_bgr'], notBoolean],
      [['Preprocess', 1, 'type'], ['NormalizeImage']],
      [['label_list'], notLabels],
    ],
    required: [
      ['Preprocess', 0, 'target_size'],
      ['Preprocess', 1, 'mean'],
    ],
  },
  PaddleSeg: {
    file: 'deploy.yaml',
    program: ['model.pdmodel', 'model.pdiparams'],
    config: {
      Deploy: {
        model: 'model.pdmodel',
        params: 'model.pdiparams',
        transforms: [
          { type: 'Resize', target_size: [256, 256], keep_ratio: false, size_divisor: 32, interp: 'LINEAR' },
          { type: 'Normalize', mean: [0.5, 0.5, 0.5], std: [0.5] },
          { type: 'Padding', target_size: [512, 512], im_padding_value: 0 },
        ],
      },
    },
    wrong: [
      [['Deploy'], ['x', 5, [1]]],
      [
        ['Deploy', 'transforms'],
        ['Resize', 5, { type: 'Resize' }],
      ],
      [
        ['Deploy', 'transforms', 0, 'target_size'],
        [256, [256], [huge, 256]],
      ],
      [
        ['Deploy', 'transforms', 0, 'interp'],
        ['RANDOM', 1, 'linear'],
      ],
      [
        ['Deploy', 'transforms', 0, 'size_divisor'],
        [0, 'x', huge],
      ],
      [
        ['Deploy', 'transforms', 1, 'std'],
        [[0], [1, 0, 1], 'x'],
      ],
      [
        ['Deploy', 'transforms', 2, 'type'],
        ['RandomBlur', 'Paddding'],
      ],
    ],
    required: [['Deploy', 'transforms', 2, 'target_size']],
  },
  PaddleClas: {
    file: 'inference.yml',
    program: ['inference.pdmodel', 'inference.pdiparams'],
    config: {
      PreProcess: {
        transform_ops: [
          { ResizeImage: { resize_short: 256, interpolation: 'bilinear', backend: 'cv2' } },
          { CropImage: { size: 224 } },
          { NormalizeImage: { scale: 0.00392157, order: '', channel_num: 3, mean: [0, 0, 0] } },
          { ToCHWImage: null },
        ],
      },
      PostProcess: { Topk: { topk: 5, label_list: ['circle'] } },
    },
    wrong: [
      [
        ['PreProcess', 'transform_ops'],
        ['x', 5, { ToCHWImage: null }],
      ],
      [
        ['PreProcess', 'transform_ops', 3],
        ['ToCHWImage', { ToCHW: null }, { ToCHWImage: null, CropImage: null }, { RandFlipImage: null }],
      ],
      [
        ['PreProcess', 'transform_ops', 0, 'ResizeImage', 'resize_short'],
        [huge, 'x', -1, [1]],
      ],
      [
        ['PreProcess', 'transform_ops', 0, 'ResizeImage', 'backend'],
        ['gpu', 5],
      ],
      [
        ['PreProcess', 'transform_ops', 0, 'ResizeImage', 'interpolation'],
        ['random', 9, [1]],
      ],
      [
        ['PreProcess', 'transform_ops', 1, 'CropImage', 'size'],
        [huge, [1, 2, 3], 'x'],
      ],
      [
        ['PreProcess', 'transform_ops', 2, 'NormalizeImage', 'scale'],
        ['__import__("os")', '1/0', [1]],
      ],
      [
        ['PreProcess', 'transform_ops', 2, 'NormalizeImage', 'channel_num'],
        [2, 5, 'x'],
      ],
      [
        ['PostProcess', 'Topk', 'topk'],
        [huge, 'all', 0],
      ],
      [['PostProcess', 'Topk', 'label_list'], notLabels],
      [['PostProcess', 'Topk', 'class_id_map_file'], [5]],
    ],
    required: [['PreProcess', 'transform_ops', 1, 'CropImage', 'size']],
  },
};

/** A copy with the value at a path replaced, or removed if it is undefined. */
function replaceAt(config: unknown, keys: readonly Key[], value: unknown): unknown {
  const [key, ...rest] = keys;
  if (key === undefined) return value;
  const copy = (Array.isArray(config) ? [...config] : { ...(config as object) }) as Record<Key, unknown>;
  if (rest.length === 0 && value === undefined) delete copy[key];
  else copy[key] = replaceAt(copy[key], rest, value);
  // A list of labels takes precedence over a label file.
  if (key === 'class_id_map_file') delete copy.label_list;
  return copy;
}

function show(keys: readonly Key[]): string {
  return keys.map((key, i) => (typeof key === 'number' ? `[${key}]` : i === 0 ? key : `.${key}`)).join('');
}

/** First and last line of the value at a path. */
function linesOf(config: unknown, keys: readonly Key[], value: unknown): [number, number] {
  const text = dump(replaceAt(config, keys, 'HERE'));
  const first = text.slice(0, text.indexOf('HERE')).split('\n').length;
  return [first, first + dump(value).split('\n').length];
}

interface Case {
  readonly name: string;
  readonly base: Base;
  readonly text: string;
  /** The key path at the start of the error, and the lines it may name. */
  readonly at: string;
  readonly lines: readonly [number, number];
}

function casesOf(family: string, base: Base): Case[] {
  const wrong = base.wrong.flatMap(([keys, values]) =>
    values.map((value) => ({
      ...{ name: `${family}: ${show(keys)} = ${JSON.stringify(value)}`, base, at: show(keys) },
      text: dump(replaceAt(base.config, keys, value)),
      lines: linesOf(base.config, keys, value),
    })),
  );
  const missing = base.required.map((keys) => {
    const parent = keys.slice(0, -1);
    const without = replaceAt(base.config, keys, undefined);
    const held = parent.reduce((node: unknown, key) => (node as Record<Key, unknown>)[key], without);
    const lines: [number, number] = parent.length === 0 ? [1, 1] : linesOf(without, parent, held);
    return { name: `${family}: no ${show(keys)}`, base, at: show(parent), text: dump(without), lines };
  });
  return [...wrong, ...missing];
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'paddlelab-malformed-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function failureOf(base: Base, text: string | Buffer): Promise<{ code?: string; message: string; file: string }> {
  const place = await mkdtemp(path.join(folder, 'm-'));
  for (const name of base.program) await writeFile(path.join(place, name), '');
  const file = path.join(place, base.file);
  await writeFile(file, text);
  const error = await readModelSpec(place).then(
    () => new Error('it was read'),
    (reason: Error) => reason,
  );
  return { code: (error as { code?: string }).code, message: error.message, file };
}

const cases = Object.entries(bases).flatMap(([family, base]) => casesOf(family, base));

test('there are at least 100 cases', () => {
  expect(cases.length).toBeGreaterThanOrEqual(100);
});

test.each(Object.entries(bases))('%s: the original configuration is valid', async (_, base) => {
  expect((await failureOf(base, dump(base.config))).message).toBe('it was read');
});

test.each(cases)('$name', async ({ base, text, at, lines }) => {
  const { code, message, file } = await failureOf(base, text);
  expect(['CONFIG_INVALID', 'MODEL_UNSUPPORTED'], message).toContain(code);
  expect(message.startsWith(`${file}:`), message).toBe(true);
  const [, line, keys = ''] = /^(\d+):(?: (\S+):)? /.exec(message.slice(file.length + 1)) ?? [];
  expect(keys.startsWith(at), `${message}\n${text}`).toBe(true);
  expect(Number(line), `${message}\n${text}`).toBeGreaterThanOrEqual(lines[0]);
  expect(Number(line), `${message}\n${text}`).toBeLessThanOrEqual(lines[1]);
  expect(message.length).toBeLessThan(file.length + 600);
});

describe('files that are barely YAML', () => {
  const base = bases['PaddleDetection 2.x'] as Base;
  const sound = dump(base.config);
  const doubling = Array.from({ length: 40 }, (_, i) => `x${i + 1}: &x${i + 1} [*x${i}, *x${i}]`).join('\n');

  test.each<[string, string | Buffer]>([
    ['nothing', ''],
    ['only a comment', '# infer_cfg'],
    ['a scalar', '42'],
    ['a list', '- arch\n- GFL'],
    ['an unclosed bracket', sound.replace('- circle', '- [circle')],
    ['tabs', sound.replace('  - type', '\t- type')],
    ['a duplicate key', `${sound}arch: YOLO\n`],
    ['an alias without its anchor', sound.replace('- circle', '- *nobody')],
    ['aliases that double 40 times', `x0: &x0 [1, 1]\n${doubling}\n${sound}`],
    ['2000 aliases', `a: &a [1]\nb: [${Array(2000).fill('*a').join(', ')}]\n${sound}`],
    ['labels that contain themselves', sound.replace(/label_list:[\s\S]*/, 'label_list: &a [*a]')],
    [
      'operators that contain themselves',
      `${sound.replace(/Preprocess:[\s\S]*?(?=label_list)/, 'Preprocess: &p [*p]\n')}`,
    ],
    ['100 000 brackets', `arch: ${'['.repeat(100_000)}`],
    ['100 000 braces', `arch: ${'{a: '.repeat(100_000)}`],
    ['code for Python', sound.replace('arch: GFL', "arch: !!python/object/apply:os.system ['true']")],
    ['bytes that are not text', Buffer.from(Array.from({ length: 4096 }, (_, i) => (i * 7919) % 256))],
    ['a number of a million digits', sound.replace('- 256', `- ${'9'.repeat(1_000_000)}`)],
    ['more than 16 MiB', Buffer.alloc(17 * 2 ** 20, 'a: b\n')],
    ['a prototype as a key', `__proto__: {arch: GFL}\n`],
  ])('%s', async (_, text) => {
    const { code, message, file } = await failureOf(base, text);
    expect(code, message).toBe('CONFIG_INVALID');
    expect(message.startsWith(`${file}:`), message.slice(0, 300)).toBe(true);
    expect(message.length).toBeLessThan(file.length + 600);
  });
});

describe('labels that do not match', () => {
  const base = bases.PaddleClas as Base;
  const config = dump(replaceAt(base.config, ['PostProcess', 'Topk', 'class_id_map_file'], 'labels.txt'));

  test.each([
    ['circle\nsquare\n', 1],
    ['0 circle\nx square\n', 2],
    ['0 circle\n1000000000 square\n', 2],
    ['0 circle\n-1 square\n', 2],
  ])('%j', async (labels, line) => {
    const place = await mkdtemp(path.join(folder, 'labels-'));
    for (const name of base.program) await writeFile(path.join(place, name), '');
    await writeFile(path.join(place, base.file), config);
    await writeFile(path.join(place, 'labels.txt'), labels);
    const failure = readModelSpec(place);
    await expect(failure).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
    await expect(failure).rejects.toThrow(`labels.txt:${line}`);
    await expect(failure).rejects.toThrow(/inference\.yml:\d+: PostProcess\.Topk\.class_id_map_file: /);
  });
});
