import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { Tensor } from '../../src';
import { readModelSpec } from '../../src/layouts/layouts';
import { readUnwarped } from '../../src/postprocess/unwarping';
import { runPipeline } from '../../src/preprocess/pipeline';
import { makeFolder } from '../helpers/folders';
import { projectRoot } from '../helpers/project';

/** Written by `unwarping_golden.py`. */
const golden = JSON.parse(readFileSync(path.join(projectRoot, 'test/golden/unwarping.json'), 'utf8')) as {
  readonly [Name in 'picture' | 'tensor' | 'output' | 'unwarped']: readonly number[];
} & { readonly width: number; readonly height: number };
const { width, height } = golden;

function tensorOf(values: readonly number[], shape = [1, 3, height, width]): Tensor {
  return { name: 'y', dtype: 'float32', shape, data: Float32Array.from(values), lod: [] };
}

test('the input of the network is that of PaddleX, to the bit', async () => {
  const folder = makeFolder();
  for (const name of ['inference.pdmodel', 'inference.pdiparams']) writeFileSync(path.join(folder, name), '');
  const spec = await readModelSpec(folder, { assumedTask: 'image-unwarping' });
  expect(spec.task).toBe('image-unwarping');
  const { image } = await runPipeline({ width, height, data: Uint8Array.from(golden.picture) }, spec.preprocess);
  expect(image.shape).toEqual([1, 3, height, width]);
  expect([...image.data]).toEqual([...Float32Array.from(golden.tensor)]);
});

test('the output becomes the picture of PaddleX', async () => {
  const { unwarped, size } = await readUnwarped([tensorOf(golden.output)]);
  expect(size).toEqual({ width, height });
  expect([...unwarped.data]).toEqual(golden.unwarped);
});

test.each([
  ['NaN', tensorOf(golden.output.map((value, i) => (i === 9 ? Number.NaN : value))), 'OUTPUT_INVALID'],
  ['another shape', tensorOf(golden.output, [1, 1, 3 * height, width]), 'MODEL_UNSUPPORTED'],
])('%s is refused', async (_, output, code) => {
  await expect(readUnwarped([output])).rejects.toMatchObject({ code });
});
