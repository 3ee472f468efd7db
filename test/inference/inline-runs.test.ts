import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createPredictor, type Predictor, type TensorInput } from '../../src';
import { identityConfig } from '../helpers/tiny-model';

/** So many that the predictor has long measured that they may run inline. */
const many = 2000;

function rows(count: number, value: number): { x: TensorInput } {
  return { x: { shape: [count, 2], data: new Float32Array(count * 2).fill(value) } };
}

describe('inline runs, which take a few microseconds', () => {
  let predictor: Predictor;
  beforeAll(async () => {
    predictor = await createPredictor(identityConfig());
  });
  afterAll(() => predictor.dispose());

  async function answer(inputs: { x: TensorInput }): Promise<Float32Array> {
    const [y] = await predictor.run(inputs);
    return y!.data as Float32Array;
  }

  test('each answer with its own numbers, one after another and many at once', async () => {
    for (let i = 0; i < many; i++) expect((await answer(rows(1, i)))[1]).toBe(i);
    const together = await Promise.all(Array.from({ length: 50 }, (_, i) => answer(rows(1, i))));
    expect(together.map((data) => data[0])).toEqual(together.map((_, i) => i));
  });

  test('leave the event loop its turns, although they are awaited in a row', async () => {
    let turns = 0;
    const turn = () => {
      turns++;
      immediate = setImmediate(turn);
    };
    let immediate = setImmediate(turn);
    for (let runs = 0; runs < 200_000 && turns < 3; runs++) await predictor.run(rows(1, 1));
    clearImmediate(immediate);
    expect(turns).toBeGreaterThanOrEqual(3);
  });

  test('go on right when the shape changes between them', async () => {
    for (let i = 0; i < many; i++) {
      const count = i % 500 === 499 ? 100_000 : 1;
      const data = await answer(rows(count, i));
      expect(data.length).toBe(count * 2);
      expect(data[count * 2 - 1]).toBe(i);
    }
  });

  test('share the predictor with its handles, in the order of the calls', async () => {
    for (let i = 0; i < many; i++) await predictor.run(rows(1, 1));
    const [, , , y] = await Promise.all([
      predictor.getInputHandle('x').copyFromCpu(rows(1, 7).x),
      predictor.run(),
      predictor.run(rows(1, 8)),
      predictor.getOutputHandle('y').copyToCpu(),
    ]);
    expect(Array.from(y.data as Float32Array)).toEqual([8, 8]);
  });

  test('refuse and give up as any other', async () => {
    for (let i = 0; i < many; i++) await predictor.run(rows(1, 1));
    await expect(predictor.run({ x: { shape: [1, 3], data: new Float32Array(2) } })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
    await expect(predictor.run(rows(1, 1), { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'ABORTED' });
    const other = await createPredictor(identityConfig());
    for (let i = 0; i < 50; i++) await other.run(rows(1, 1));
    const last = other.run(rows(1, 5));
    await other.dispose();
    expect(Array.from((await last)[0]!.data as Float32Array)).toEqual([5, 5]);
    await expect(other.run(rows(1, 1))).rejects.toMatchObject({ code: 'DISPOSED' });
  });
});
