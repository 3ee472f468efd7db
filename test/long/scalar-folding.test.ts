import { expect, test } from 'vitest';
import { withModel } from '../../src';
import type { Tensor } from '../../src/inference/tensor';

// PP-OCRv4's networks (PP-LCNetV3) with engine onednn, from which multiplications and additions of scalars are gone.

const cases = [
  { name: 'PP-OCRv4_mobile_det', shape: [1, 3, 320, 480], folded: 90 },
  { name: 'PP-OCRv4_mobile_rec', shape: [2, 3, 48, 320], folded: 96 },
] as const;

/** A smooth picture, on which the detector finds something, and the same with noise. */
const pictures = [(i: number) => Math.sin(i / 40) * 2, (i: number) => Math.sin(i / 40) + Math.sin(i * 1.3)];

test.each(cases)('$name: $folded operators fewer, and the outputs of plain', async ({ name, shape, folded }) => {
  const length = shape.reduce((product: number, extent) => product * extent, 1);
  const inputs = pictures.map((value) => ({
    shape,
    data: Float32Array.from({ length }, (_, i) => value(i)),
  }));
  const run = (engine: 'plain' | 'onednn'): Promise<Tensor[]> =>
    withModel(
      name,
      async ({ session, runtime }) => {
        expect(runtime.foldedOperators).toBe(engine === 'onednn' ? folded : undefined);
        const outputs: Tensor[] = [];
        for (const input of inputs) outputs.push(...(await session.run({ [session.inputs[0]!.name]: input })));
        return outputs;
      },
      { task: 'tensors', engine, trial: false },
    );
  const [expected, actual] = [await run('plain'), await run('onednn')];
  expect(actual.map((tensor) => [tensor.name, tensor.shape])).toEqual(
    expected.map((tensor) => [tensor.name, tensor.shape]),
  );
  for (const [i, { data }] of expected.entries()) {
    const other = actual[i]!.data as Float32Array;
    const difference = (data as Float32Array).reduce(
      (most, value, at) => Math.max(most, Math.abs(value - other[at]!)),
      0,
    );
    // All outputs are probabilities.
    expect(difference).toBeLessThan(5e-5);
  }
});
