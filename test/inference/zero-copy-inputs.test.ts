import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Config, createPredictor, loadModel, type Predictor, predict, type Tensor } from '../../src';
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

  test('stay while a run without inputs waits behind theirs, also when nobody waits for them', async () => {
    const expected = await run(picture(0.75));
    const controller = new AbortController();
    const given = predictor.run({ image: picture(1), scale_factor: scale }, { signal: controller.signal });
    const first = run(picture(0.75));
    const again = predictor.run();
    controller.abort();
    await expect(given).rejects.toMatchObject({ code: 'ABORTED' });
    await Promise.all([first, again]);
    expect(await outputs()).toEqual(expected);
  });

  test('are replaced by what a handle is fed afterwards, also while a clone runs', async () => {
    const expected = await run(picture(0.25));
    const clone = await predictor.clone();
    const others = [1, 2, 3].map(() => clone.run({ image: picture(0.5), scale_factor: scale }));
    const running = run(picture(1));
    const feeding = predictor.getInputHandle('image').copyFromCpu(picture(0.25));
    await Promise.all([...others, running, feeding]);
    await predictor.run();
    expect(await outputs()).toEqual(expected);
    await clone.dispose();
  });

  test('are not read again where predict has used their memory for another image', async () => {
    const model = await loadModel(demoModel('shapes_det_picodet'), { engine: 'openvino' });
    await predict(model, { width: 8, height: 8, channels: 3, data: new Uint8Array(192) });
    await expect(model.predictor.run()).rejects.toThrow(/was not fed/);
    await model.dispose();
  });
});
