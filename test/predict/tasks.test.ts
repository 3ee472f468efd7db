import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import {
  compareBackends,
  decodeLabelMap,
  decodeRle,
  jupyterDisplay,
  type MimeBundle,
  type PredictResult,
  predict,
  toCoco,
  visualize,
  withModel,
} from '../../src';
import { demoModel, goldenImage, sharedPath } from '../helpers/project';

const photo = goldenImage('a_rgb_402x270.png');
const segmenter = sharedPath('models/demo/shapes_seg_ppliteseg/old');
const classifier = sharedPath('models/demo/shapes_cls_mbv3s/old');
const crop = sharedPath('golden/images/cls/heart_d_rgba_90x140.png');

async function htmlOf(result: PredictResult): Promise<string> {
  const shown = result as unknown as { [jupyterDisplay](): MimeBundle | Promise<MimeBundle> };
  return String((await shown[jupyterDisplay]())['text/html']);
}

function expectPlainData(result: PredictResult): void {
  expect(Object.isFrozen(result)).toBe(true);
  expect(Object.keys(result)).not.toContain('raw');
  expect(JSON.parse(JSON.stringify(result))).toEqual({ ...result });
}

describe('the stages of a prediction', () => {
  test('work separately, with the same result as predict', async () => {
    await withModel(demoModel('shapes_ins_maskrcnn'), async (model) => {
      const { inputs, image } = await model.preprocess(photo);
      expect(image).toEqual({ width: 402, height: 270 });
      expect(inputs.image!.shape).toEqual([1, 3, 256, 352]);
      const outputs = await model.predictor.run(inputs);
      const alone = await model.postprocess(outputs, { image, threshold: 0.6 });
      const { detections, raw } = await predict(model, photo, { threshold: 0.6, raw: true });
      expect(alone.detections).toEqual(detections);
      expect(raw!.inputs).toEqual(inputs);
      expect(raw!.outputs.map(({ shape }) => shape)).toEqual(outputs.map(({ shape }) => shape));
      expectPlainData(alone as PredictResult);
    });
  });

  test('check their arguments', async () => {
    await withModel(demoModel('shapes_det_picodet'), async (model) => {
      const { inputs } = await model.preprocess(photo);
      const outputs = await model.predictor.run(inputs);
      const wrong = { image: { width: 0, height: 1 } };
      await expect(model.postprocess(outputs, wrong)).rejects.toThrow(/Expected integer ≥ 1 for image\.width/);
      await expect(model.postprocess(outputs, {} as never)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
      await expect(model.postprocess([], { image: { width: 1, height: 1 } })).rejects.toMatchObject({
        code: 'MODEL_UNSUPPORTED',
      });
      await expect(predict(model, photo, { raw: 'yes' as never })).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    });
  });
});

describe('records for COCO', () => {
  test('have boxes as x, y, width, height, and masks', async () => {
    await withModel(demoModel('shapes_ins_maskrcnn'), async (model) => {
      const result = (await predict(model, photo)) as PredictResult;
      const [record] = toCoco(result, { imageId: 7, categoryIds: [1, 2, 3, 4, 5] });
      const [first] = result.detections!;
      const [x1, y1, x2, y2] = first!.box;
      expect(record).toMatchObject({ image_id: 7, category_id: first!.classId + 1, bbox: [x1, y1, x2 - x1, y2 - y1] });
      expect(record).toMatchObject({ segmentation: { size: [270, 402] }, score: first!.score });
      expect(() => toCoco(result, { categoryIds: [] })).toThrow(/Expected a number for class/);
    });
  });
});

test.skipIf(segmenter === undefined)('a segmentation shows its classes and a picture of them', async () => {
  await withModel(segmenter!, async (model) => {
    if (model.kind !== 'semantic-segmentation') throw new Error(`Got ${model.kind}`);
    const result = await predict(model, photo);
    expectPlainData(result);
    expect(result.segments.reduce((sum, { fraction }) => sum + fraction, 0)).toBeCloseTo(1, 9);
    expect(inspect(result)).toMatch(/^\d classes in 402×270, .* ms\nclass/);
    const html = await htmlOf(result);
    expect(html).toContain('<img alt="classes of the pixels" src="data:image/png;base64,');
    // A result read from JSON works as well.
    const copy = JSON.parse(JSON.stringify(result));
    expect(decodeLabelMap(copy)).toEqual(decodeLabelMap(result));
    expect(toCoco(copy)[0]).toMatchObject({ category_id: result.segments[0]!.classId });
    const { data } = decodeRle(result.segments[0]!.mask);
    expect(data.filter((value) => value === 1)).toHaveLength(result.segments[0]!.area);
    const picture = await visualize(photo, result);
    expect([picture.width, picture.height]).toEqual([402, 270]);
    const report = await compareBackends(model, photo, { backends: ['plain', 'onednn'], runs: 3 });
    expect(report.rows[1]).toMatchObject({ agreement: { kind: 'pixels', equal: expect.closeTo(1, 3) } });
    expect(inspect(report)).toMatch(/% of pixels/);
  });
});

test.skipIf(classifier === undefined || crop === undefined)('a classification shows its classes', async () => {
  await withModel(classifier!, async (model) => {
    if (model.kind !== 'classification') throw new Error(`Got ${model.kind}`);
    const result = await predict(model, crop!);
    expectPlainData(result);
    expect(result.classes[0]!.label).toBe('heart');
    expect(inspect(result)).toMatch(/^5 classes in 90×140, .* ms\nclass +id +score\nheart +4 +\d\.\d{4}/);
    expect(await htmlOf(result)).toContain('>heart</td>');
    expect(String(await visualize(crop!, result))).toBe('Picture 90×140 (5 classes)');
    expect(() => toCoco(result)).toThrow(/received kind "classification"/);
    const report = await compareBackends(model, crop!, { backends: ['plain', 'onednn'], runs: 3 });
    expect(report.rows[1]).toMatchObject({ agreement: { kind: 'classes', same: 1, expected: 1 } });
    expect(inspect(report)).toMatch(/same class, scores ±/);
  });
});
