import path from 'node:path';
import { expect, test } from 'vitest';
import { Config, createPredictor, type TensorInput } from '../../src';
import { demoModel } from '../helpers/project';

const home = demoModel('shapes_det_picodet');
const rounds = 10;

function inputOf(value: number): Record<string, TensorInput> {
  return {
    image: { shape: [1, 3, 256, 256], data: new Float32Array(3 * 256 * 256).fill(value) },
    scale_factor: { shape: [1, 2], data: new Float32Array(2).fill(1) },
  };
}

test.each(['pdmodel', 'json'])(
  'four concurrent clones of a .%s give the results of a single predictor',
  async (format) => {
    const config = new Config(path.join(home, `model.${format}`), path.join(home, 'model.pdiparams'));
    config.disableGpu();
    config.disableOnednn();
    const first = await createPredictor(config);
    const inputs = Array.from({ length: rounds }, (_, round) => inputOf(round / rounds));
    const alone: unknown[] = [];
    for (const input of inputs) alone.push((await first.run(input)).map(({ data }) => data));
    const clones = await Promise.all(Array.from({ length: 4 }, () => first.clone()));
    const together = await Promise.all(
      clones.map((clone) => Promise.all(inputs.map(async (input) => (await clone.run(input)).map(({ data }) => data)))),
    );
    for (const results of together) expect(results).toEqual(alone);
    await Promise.all([first, ...clones].map((predictor) => predictor.dispose()));
  },
);
