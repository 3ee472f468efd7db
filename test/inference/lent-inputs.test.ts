import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Config, createPredictor, type Predictor, type Tensor } from '../../src';
import { demoModel } from '../helpers/project';

const side = 3 * 256 * 256;

function picture(value: number): { shape: number[]; data: Float32Array } {
  const data = Float32Array.from({ length: side }, (_, i) => ((i * 7919) % 1000) / 500 - value);
  return { shape: [1, 3, 256, 256], data };
}

const scale = { shape: [1, 2], data: Float32Array.of(1, 1) };

/** The OpenVINO engine reads the arrays of `run(inputs)` themselves. */
describe('the arrays of a run with OpenVINO', () => {
  let predictor: Predictor;
  beforeAll(async () => {
    const folder = demoModel('shapes_det_picodet');
    const config = new Config(path.join(folder, 'model.pdmodel'), path.join(folder, 'model.pdiparams'));
    config.enableOpenvinoEngine();
    predictor = await createPredictor(config);
  });
  afterAll(() => predictor.dispose());

  async function run(image: ReturnType<typeof picture>): Promise<readonly Tensor[]> {
    return predictor.run({ image, scale_factor: scale });
  }
  async function outputs(): Promise<Tensor[]> {
    return Promise.all(predictor.outputNames.map((name) => predictor.getOutputHandle(name).copyToCpu()));
  }

  test('are read by a run without inputs afterwards, as they are then', async () => {
    const other = await run(picture(0.5));
    const image = picture(1);
    const first = await run(image);
    expect(first).not.toEqual(other);
    await predictor.run();
    expect(await outputs()).toEqual(first);
    image.data.set(picture(0.5).data);
    await predictor.run();
    expect(await outputs()).toEqual(other);
  });

  test('are those of the last of several runs that were asked for at once', async () => {
    const pictures = [picture(0.25), picture(0.5), picture(1)];
    const results = await Promise.all(pictures.map(run));
    await predictor.run();
    expect(await outputs()).toEqual(results[2]);
  });

  test('are refused when they were transferred away, and never written to', async () => {
    const image = picture(0.5);
    const expected = await run(image);
    await predictor.getInputHandle('image').copyFromCpu(picture(1));
    await predictor.run();
    expect(await outputs()).not.toEqual(expected);
    expect(image).toEqual(picture(0.5));
    await run(image);
    structuredClone(image.data.buffer, { transfer: [image.data.buffer as ArrayBuffer] });
    await expect(predictor.run()).rejects.toThrow(/was transferred away/);
    expect(await run(picture(0.5))).toEqual(expected);
  });
});
