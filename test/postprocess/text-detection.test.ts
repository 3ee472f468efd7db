import { readFileSync } from 'node:fs';
import path from 'node:path';
import { inflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { Tensor } from '../../src/inference/tensor';
import { textDetection } from '../../src/layouts/families/text-detection';
import { readTextRegions } from '../../src/postprocess/text-detection';
import { rapidOcrFrame } from '../../src/preprocess/ocr/rapid-ocr';
import type { TextDetectionResult } from '../../src/results';
import { parseYaml } from '../../src/yaml/yaml-file';
import { ensureOpenCv } from '../helpers/opencv';
import { tensor } from '../helpers/postprocess';
import { projectRoot } from '../helpers/project';
import { drawTextMaps } from '../helpers/text-maps';

type Polygon = readonly (readonly [number, number])[];
type Found = Pick<TextDetectionResult, 'threshold' | 'regions'>;

/** A map in 8 bits, and what the Python packages themselves find in it (`text_golden.py`). */
interface GoldenCase {
  readonly map: { readonly width: number; readonly height: number; readonly data: string };
  readonly image: { readonly width: number; readonly height: number };
  readonly rapidocr: readonly Polygon[];
  readonly quad: readonly (readonly [Polygon, number])[];
  readonly slow: readonly (readonly [Polygon, number])[];
  readonly poly: readonly (readonly [Polygon, number])[];
}

const cases: readonly GoldenCase[] = JSON.parse(
  readFileSync(path.join(projectRoot, 'test/golden/text-regions.json'), 'utf8'),
);

function outputOf({ width, height, data }: GoldenCase['map']): Tensor {
  const bytes = inflateSync(Buffer.from(data, 'base64'));
  return tensor(
    'float32',
    [1, 1, height, width],
    Float32Array.from(bytes, (value) => Math.fround(value / 255)),
  );
}

async function read(output: Tensor, image: GoldenCase['image'], config: string, threshold?: number): Promise<Found> {
  const root = parseYaml(config, 'inference.yml');
  const context = {
    directory: undefined,
    modelDirectory: '.',
    oldProgram: false,
    assumedTask: undefined,
    paddlex: true,
  };
  const { outputs } = await textDetection.read(root, context);
  return readTextRegions([output], { spec: { outputs }, image, threshold } as never);
}

const post = 'PostProcess: { name: DBPostProcess, thresh: 0.3, box_thresh: 0.6, unclip_ratio: 1.5';

describe('regions are those of Python', () => {
  test.each(cases.map((row, i) => ({ ...row, i })))('PaddleX, map $i', async ({ map, image, quad, slow, poly }) => {
    const output = outputOf(map);
    const found = ({ regions }: Found) => regions.map(({ polygon, score }) => [polygon, score] as const);
    expect(found(await read(output, image, `${post} }`))).toEqual(quad);
    const own = ', score_mode: slow, use_dilation: true, max_candidates: 6 }';
    expect(found(await read(output, image, post + own))).toEqual(slow);
    const outlines = found(await read(output, image, `${post}, box_type: poly }`));
    // The order of outlines that are equally high depends on the processor: numpy sorts them with vector instructions.
    expect(new Map(outlines.map((outline) => [JSON.stringify(outline), topOf(outline[0])]))).toEqual(
      new Map(poly.map((outline) => [JSON.stringify(outline), topOf(outline[0])])),
    );
    expect(outlines.map(([polygon]) => topOf(polygon))).toEqual(poly.map(([polygon]) => topOf(polygon)));
  });

  test.each(cases.map((row, i) => ({ ...row, i })))('RapidOCR, map $i', async ({ map, image, rapidocr }) => {
    // Only images that RapidOCR leaves as they are.
    expect(rapidOcrFrame(image)).toMatchObject({ ...image, top: 0 });
    const { regions } = await read(outputOf(map), image, 'preset: rapidocr\nPostProcess: { name: DBPostProcess }');
    expect(regions.map(({ polygon }) => polygon)).toEqual(rapidocr);
  });

  const python = ensureOpenCv('text');
  test.skipIf(python === undefined)('outlines of any shape, but for rare ones', { timeout: 120_000 }, async () => {
    let [all, different] = [0, 0];
    for (const { job, polygons } of drawTextMaps(python as string, 2, 250)) {
      const { width, height, pixelThreshold, boxThreshold, unclipRatio, maxCandidates, dilation } = job;
      const settings = { thresh: pixelThreshold, box_thresh: boxThreshold, unclip_ratio: unclipRatio };
      const others = { max_candidates: maxCandidates, use_dilation: dilation, box_type: 'poly' };
      const config = JSON.stringify({ PostProcess: { name: 'DBPostProcess', ...settings, ...others } });
      const { regions } = await read(tensor('float32', [1, 1, height, width], job.map), { width, height }, config);
      const text = (points: readonly number[]) => points.map((value, i) => clip(value, i % 2 ? height : width)).join();
      const found = new Set(regions.map(({ polygon }) => text(polygon.flat())));
      all += polygons.length;
      different += polygons.filter(([points]) => !found.has(text(points))).length;
    }
    expect(all).toBeGreaterThan(300);
    // Clipper's JavaScript is that of C#, which unites outlines in another order than C++ does.
    expect(different / all).toBeLessThan(0.01);
  });
});

function topOf(polygon: Polygon): number {
  return Math.min(...polygon.map(([, y]) => y));
}

function clip(value: number, most: number): number {
  return Math.max(0, Math.min(value, most));
}

describe('a map of text', () => {
  const [first] = cases as [GoldenCase];
  const output = outputOf(first.map);

  test('a requested threshold replaces the configured one', async () => {
    const all = await read(output, first.image, `${post} }`, 0);
    expect(all.threshold).toBe(0);
    const best = Math.max(...all.regions.map(({ score }) => score));
    const { regions } = await read(output, first.image, `${post} }`, best);
    expect(regions.map(({ score }) => score)).toEqual([best]);
  });

  test('values that are NaN are an error that counts them', async () => {
    const broken = tensor('float32', [1, 1, 32, 32], Array(1024).fill(Number.NaN));
    await expect(read(broken, first.image, `${post} }`)).rejects.toMatchObject({
      code: 'OUTPUT_INVALID',
      message: expect.stringContaining('1024 values of the map are NaN'),
    });
  });

  test('the output of a recogniser is refused as such', async () => {
    const text = tensor('float32', [1, 40, 97], Array(40 * 97).fill(0));
    await expect(read(text, first.image, `${post} }`)).rejects.toMatchObject({
      code: 'MODEL_UNSUPPORTED',
      message:
        'Expected a map of text as float32 [1, 1, height, width] in the first output (a recogniser of text has ' +
        'another one: load it as such) but received outputs float32[1,40,97]',
    });
  });

  test('wrong settings are refused with their key', async () => {
    const settings = (text: string): Promise<unknown> => read(output, first.image, text);
    await expect(settings('preset: rapid\nPostProcess: { name: DBPostProcess }')).rejects.toThrow(
      /preset: Expected one of paddlex, rapidocr but received "rapid"/,
    );
    await expect(settings(`${post}, box_type: round }`)).rejects.toThrow(/box_type: Expected one of quad, poly/);
    await expect(settings(`preset: rapidocr\n${post}, box_type: poly }`)).rejects.toThrow(/Expected one of quad/);
    await expect(settings(`${post.replace('0.3', '3')} }`)).rejects.toThrow(/thresh: Expected number/);
  });
});

describe("RapidOCR's limits of images", () => {
  test.each([
    // As it is.
    [640, 480, { width: 640, height: 480, content: { width: 640, height: 480 }, top: 0 }],
    // The long side becomes 2000, both multiples of 32.
    [4000, 3000, { width: 1984, height: 1504, content: { width: 1984, height: 1504 }, top: 0 }],
    // The short side becomes 30, which is rounded to 32.
    [40, 20, { width: 64, height: 32, content: { width: 64, height: 32 }, top: 0 }],
    // Rows are added to an image that is more than 8 times as wide as high.
    [1600, 100, { width: 1600, height: 400, content: { width: 1600, height: 100 }, top: 150 }],
    // RapidOCR itself fails for a strip so long that nothing is left of its height.
    [9000, 20, { width: 1984, height: 496, content: { width: 1984, height: 32 }, top: 232 }],
  ])('%s×%s', (width, height, frame) => {
    expect(rapidOcrFrame({ width, height })).toEqual(frame);
  });
});
