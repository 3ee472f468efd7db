import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { readModelSpec } from '../../src/layouts/layouts';
import type { ModelSpec } from '../../src/spec/spec';
import { makeFolder } from '../helpers/folders';

/** The `inference.yml` of PaddleX's PP-OCRv4_mobile_det. */
const exported = `
Global:
  model_name: PP-OCRv4_mobile_det
PreProcess:
  transform_ops:
  - DecodeImage:
      channel_first: false
      img_mode: BGR
  - DetLabelEncode: null
  - DetResizeForTest:
      resize_long: 960
  - NormalizeImage:
      mean:
      - 0.485
      - 0.456
      - 0.406
      order: hwc
      scale: 1./255.
      std:
      - 0.229
      - 0.224
      - 0.225
  - ToCHWImage: null
  - KeepKeys:
      keep_keys:
      - image
      - shape
      - polys
      - ignore_tags
PostProcess:
  name: DBPostProcess
  thresh: 0.3
  box_thresh: 0.6
  max_candidates: 1000
  unclip_ratio: 1.5
`;

const paddlex = {
  ...{ preset: 'paddlex', pixelThreshold: 0.3, boxThreshold: 0.6, maxCandidates: 1000, unclipRatio: 1.5 },
  ...{ minSize: 3, dilation: false, scoreMode: 'fast', boxType: 'quad' },
};

function folderOf(files: Readonly<Record<string, string>> = {}): string {
  const folder = makeFolder();
  const all = { 'inference.pdmodel': '', 'inference.pdiparams': '', ...files };
  for (const [name, text] of Object.entries(all)) writeFileSync(path.join(folder, name), text);
  return folder;
}

function resizeOf({ preprocess }: ModelSpec): unknown {
  return preprocess.find(({ type }) => type === 'DetResizeForTest')?.parameters;
}

describe('a detector of text', () => {
  test('is known by its inference.yml', async () => {
    const spec = await readModelSpec(folderOf({ 'inference.yml': exported }));
    expect(spec).toMatchObject({ task: 'text-detection', family: 'PaddleX', arch: 'PP-OCRv4_mobile_det', labels: [] });
    expect(spec.outputs).toEqual({ textDetection: paddlex });
    expect(resizeOf(spec)).toEqual({ side: 960, type: 'max', longest: 4000 });
    expect(spec.conventions.batches).toBe('equal sizes');
  });

  test('for outlines of any shape keeps its own limits', async () => {
    const seal = exported
      .replace('PP-OCRv4_mobile_det', 'PP-OCRv4_mobile_seal_det')
      .replace('960', '736')
      .replace('unclip_ratio: 1.5', 'unclip_ratio: 0.5\n  box_type: poly');
    const spec = await readModelSpec(folderOf({ 'inference.yml': seal }));
    expect(spec.outputs.textDetection).toMatchObject({ boxType: 'poly', unclipRatio: 0.5 });
    expect(resizeOf(spec)).toEqual({ side: 736, type: 'min', longest: 4000 });
  });

  test('without a configuration is known by the task only, with what PaddleX’s exports have', async () => {
    const folder = folderOf();
    expect(await readModelSpec(folder)).toMatchObject({ task: 'tensors' });
    const spec = await readModelSpec(folder, { assumedTask: 'text-detection' });
    expect(spec).toMatchObject({ task: 'text-detection', family: 'PaddleOCR', arch: 'unknown' });
    expect(spec.outputs).toEqual({ textDetection: paddlex });
    expect(resizeOf(spec)).toEqual({ side: 960, type: 'max', longest: 4000 });
  });

  test('takes single settings from an object', async () => {
    const config = { PostProcess: { name: 'DBPostProcess', box_thresh: 0.4 }, preset: 'rapidocr' };
    const { outputs, preprocess } = await readModelSpec(folderOf({ 'inference.yml': exported }), { config });
    expect(outputs.textDetection).toMatchObject({ preset: 'rapidocr', boxThreshold: 0.4, unclipRatio: 1.6 });
    expect(preprocess[0]?.type).toBe('RapidOCR limits');
  });
});
