import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkModelFiles } from '../../src/inference/model-files';
import { demoModel } from '../helpers/project';

const picodet = demoModel('shapes_det_picodet');
const maskRcnn = demoModel('shapes_ins_maskrcnn');

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'paddlelab-damaged-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

type Bytes = (sound: Buffer) => Buffer | string;

interface Damaged {
  format?: 'pdmodel' | 'json';
  program?: Bytes;
  params?: Bytes;
}

async function check({ format = 'pdmodel', program, params }: Damaged): Promise<unknown> {
  const files = { program: `model.${format}`, params: 'model.pdiparams' };
  for (const [name, damage] of [
    [files.program, program],
    [files.params, params],
  ] as const) {
    const [from, to] = [path.join(picodet, name), path.join(folder, name)];
    if (damage === undefined) await copyFile(from, to);
    else await writeFile(to, damage(await readFile(from)));
  }
  return checkModelFiles(path.join(folder, files.program), path.join(folder, files.params));
}

function replaced(text: string, by: string): Bytes {
  return (sound) => {
    const at = sound.indexOf(text);
    expect(at).toBeGreaterThan(0);
    return Buffer.concat([sound.subarray(0, at), Buffer.from(by), sound.subarray(at + text.length)]);
  };
}

function edited(change: (root: { base_code: Record<string, unknown>; program: PirProgram }) => void): Bytes {
  return (sound) => {
    const root = JSON.parse(sound.toString());
    change(root);
    return JSON.stringify(root);
  };
}

interface PirProgram {
  regions: { blocks: { ops: Record<string, unknown>[] }[] }[];
}

function withBytes(at: number, ...bytes: number[]): Bytes {
  return (sound) => {
    const copy = Buffer.from(sound);
    copy.set(bytes, at);
    return copy;
  };
}

const opsOf = ({ regions }: PirProgram): Record<string, unknown>[] => regions[0]!.blocks[0]!.ops;

describe('sound models pass', () => {
  test.each([
    ['pdmodel', picodet, 443],
    ['json', picodet, 443],
    ['pdmodel', maskRcnn, 183],
    ['json', maskRcnn, 183],
  ] as const)('.%s of %s', async (format, home, parameters) => {
    const found = await checkModelFiles(path.join(home, `model.${format}`), path.join(home, 'model.pdiparams'));
    expect(found.format).toBe(format);
    expect(found.outline.parameters).toHaveLength(parameters);
  });

  test('both formats of a model declare the same inputs and parameters', async () => {
    const params = path.join(picodet, 'model.pdiparams');
    const [old, pir] = [
      await checkModelFiles(path.join(picodet, 'model.pdmodel'), params),
      await checkModelFiles(path.join(picodet, 'model.json'), params),
    ];
    expect(old.outline.inputs).toEqual(pir.outline.inputs);
    expect(old.outline.inputs[0]).toEqual({ name: 'image', dtype: 'float32', shape: [-1, 3, 256, 256] });
    expect(old.outline.parameters.map(({ shape }) => shape)).toEqual(pir.outline.parameters.map(({ shape }) => shape));
  });
});

describe('a damaged program is refused before Paddle sees it', () => {
  test.each<[string, Damaged, RegExp]>([
    ['empty', { program: () => '' }, /Expected a Paddle program .* but received an empty file; export or copy/],
    ['a Git LFS pointer', { program: () => 'version https://git-lfs' }, /a file that starts with "version http"/],
    ['the parameters', { program: (sound) => Buffer.alloc(sound.length) }, /starts with bytes 0000000000000000/],
    ['cut off', { program: (sound) => sound.subarray(0, 5000) }, /a length of \d+ bytes where \d+ are left at byte/],
    ['a length beyond the end', { program: withBytes(1, 0xff, 0xff, 0xff, 0x7f) }, /a length of 268435455 bytes/],
    ['an endless number', { program: withBytes(1, ...Array(12).fill(0xff)) }, /a number of more than 10 bytes/],
    [
      'a renamed variable',
      { program: replaced('scale_factor', 'scale_fActor') },
      /"scale_f[aA]ctor" that is not declared/,
    ],
    ['no operators', { program: () => Buffer.from([0x0a, 4, 8, 0, 16, 0]) }, /a program without operators/],
  ])('%s (.pdmodel)', async (_, damaged, message) => {
    await expect(check(damaged)).rejects.toMatchObject({
      code: 'MODEL_DAMAGED',
      message: expect.stringMatching(message),
    });
  });

  test.each<[string, Bytes, RegExp]>([
    ['cut off', (sound) => sound.subarray(0, 5000), /received invalid JSON/],
    ['another JSON', () => '{"a": 1}', /no object for base_code/],
    ['another magic', edited((root) => (root.base_code.magic = 'pit')), /magic "pit" where "pir" belongs/],
    ['no version', edited((root) => delete root.base_code.version), /version undefined/],
    ['no regions', edited((root) => (root.program.regions = [])), /0 regions where 1 belongs/],
    ['no operators', edited((root) => opsOf(root.program).splice(0)), /a program without operators/],
    [
      'no outputs',
      edited((root) => opsOf(root.program).pop() && opsOf(root.program).pop()),
      /a program without outputs/,
    ],
    [
      'an operand from nowhere',
      edited((root) => (opsOf(root.program).find((op) => op['#'] === '1.conv2d')!.I = [{ '%': 99_999 }])),
      /operator 1.conv2d with an operand %99999 that is not defined before/,
    ],
    ['an operator of no kind', edited((root) => (opsOf(root.program)[450]!['#'] = 7)), /an operator of kind 7/],
    ['nested without end', () => `{"base_code":${'['.repeat(100_000)}`, /received invalid JSON/],
  ])('%s (.json)', async (_, program, message) => {
    await expect(check({ format: 'json', program })).rejects.toMatchObject({
      code: 'MODEL_DAMAGED',
      message: expect.stringMatching(message),
    });
  });
});

describe('damaged parameters are refused before Paddle sees them', () => {
  test.each<[string, Bytes, RegExp]>([
    ['empty', () => '', /Expected Paddle parameters .* but received an empty file/],
    ['text', () => 'version https://git-lfs', /a file that starts with "version http"/],
    [
      'cut off',
      (sound) => sound.subarray(0, 100_000),
      /left where parameter .* takes \d+|end of the file within parameter/,
    ],
    [
      'cut off between two tensors',
      (sound) => sound.subarray(0, firstTensorBytes(sound)),
      /1 parameters where the program has 443/,
    ],
    ['longer', (sound) => Buffer.concat([sound, sound]), /bytes more than the program's 443 parameters take/],
    ['a huge description', withBytes(16, 0xff, 0xff, 0xff, 0x7f), /a description of 2147483647 bytes/],
    ['many levels', withBytes(4, 0xff, 0xff, 0xff, 0x7f), /2147483647 sequence levels/],
    ['an unknown element type', withBytes(21, 99), /unknown element type 99/],
    [
      'a huge extent',
      withBytes(23, 0x7f),
      /bytes left where parameter \S+ takes 508|of shape \[127\] where the program has/,
    ],
  ])('%s', async (_, params, message) => {
    await expect(check({ params })).rejects.toMatchObject({
      code: 'MODEL_DAMAGED',
      message: expect.stringMatching(message),
    });
  });

  test('those of another model', async () => {
    const params = path.join(maskRcnn, 'model.pdiparams');
    await expect(checkModelFiles(path.join(picodet, 'model.pdmodel'), params)).rejects.toMatchObject({
      code: 'MODEL_DAMAGED',
      message: expect.stringMatching(/parameter \S+ of shape \[.*\] where the program has \[.*\]/),
    });
  });
});

/** Header of 12 bytes, version, description, float32 values. */
function firstTensorBytes(params: Buffer): number {
  const description = params.readInt32LE(16);
  const extents = params.subarray(20 + 2, 20 + description).filter((_, i) => i % 2 === 1);
  return 20 + description + 4 * extents.reduce((product, extent) => product * extent, 1);
}
