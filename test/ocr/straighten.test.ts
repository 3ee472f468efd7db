import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  loadModel,
  loadTextReader,
  type Model,
  predict,
  type RgbImage,
  readText,
  registerBackend,
  type TensorInput,
  type TextReader,
  type TextResult,
  visualize,
  visualizeText,
} from '../../src';
import { Canvas } from '../../src/drawing/canvas';
import { turnImage, turnPointBack } from '../../src/image/turn';
import { makeFolder } from '../helpers/folders';
import { makeProgram } from '../helpers/program';

const written = ['Page with a mark', 'Total 128.50', 'Last line'];
const [width, height] = [420, 230];

/** A white page with a dark mark in its top left corner, and lines of text below. */
async function drawPage(): Promise<RgbImage> {
  const data = new Uint8Array(width * height * 3).fill(255);
  for (let y = 0; y < height / 8; y += 1) data.fill(0, y * width * 3, (y * width + width / 6) * 3);
  const canvas = new Canvas({ width, height, data });
  for (const [i, line] of written.entries()) canvas.text(line, 40, 50 * i + 90, 30, [20, 20, 20]);
  return { width, height, data: await canvas.render() };
}

/** A classifier of pages without weights: it looks for the dark corner. */
registerBackend({
  kind: 'dark corner',
  optionKeys: [],
  open: async () => ({
    info: { backend: 'dark corner', library: 'none', device: 'cpu', precision: 'fp32', threads: 1 },
    inputs: [{ name: 'x', dtype: 'float32', shape: [-1, 3, 8, 8] }],
    outputNames: ['y'],
    run: async ({ x }) => {
      const { data } = x as TensorInput;
      const corners = [0, 7, 63, 56].map((at) => (data as Float32Array)[at] as number);
      const scores = corners.map((value) => (value === Math.min(...corners) ? 0.9 : 0.02));
      return [{ name: 'y', dtype: 'float32', shape: [1, 4], data: Float32Array.from(scores), lod: [] }];
    },
    copy: () => Promise.reject(new Error('there is only one')),
    dispose: async () => undefined,
  }),
});

function folderWith(config: string): string {
  const folder = makeFolder();
  const files = { 'inference.pdmodel': '', 'inference.pdiparams': '', 'inference.yml': config };
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text);
  return folder;
}

function loadCorners(labels: string): Promise<Model<'classification'>> {
  const config = `
Global: { model_name: PP-LCNet_x1_0_doc_ori }
PreProcess:
  transform_ops:
  - ResizeImage: { size: [8, 8] }
  - NormalizeImage: { scale: 0.00392156862745098, mean: [0, 0, 0], std: [1, 1, 1], order: '' }
  - ToCHWImage:
PostProcess: { Topk: { topk: 1, label_list: ${labels} } }
`;
  return loadModel(folderWith(config), { task: 'classification', backend: { kind: 'dark corner' } as never });
}

/** Makes all pixels a bit brighter than an eighth of black: a network of one operator in place of UVDoc. */
function brightener(): string {
  const { program, params } = makeProgram({
    variables: {
      x: { dtype: 'float32', shape: [-1, 3, -1, -1] },
      y: { dtype: 'float32', shape: [-1, 3, -1, -1] },
      w: { dtype: 'float32', shape: [1], values: [1] },
      v: { dtype: 'float32', shape: [1] },
    },
    feeds: ['x'],
    fetches: ['y', 'v'],
    operators: [
      {
        type: 'scale',
        inputs: { X: 'x' },
        outputs: { Out: 'y' },
        attributes: { scale: 0.875, bias: 0.125, bias_after_scale: true },
      },
      { type: 'assign', inputs: { X: 'w' }, outputs: { Out: 'v' } },
    ],
  });
  const folder = folderWith('Global: { model_name: UVDoc }\n');
  writeFileSync(path.join(folder, 'inference.pdmodel'), program);
  writeFileSync(path.join(folder, 'inference.pdiparams'), Buffer.concat([...params.values()]));
  return folder;
}

const base = { engine: 'plain', preset: 'paddlex' } as const;
let page: RgbImage;
let plain: TextReader;
let expected: TextResult;
beforeAll(async () => {
  page = await drawPage();
  plain = await loadTextReader(base);
  expected = await readText(page, { reader: plain });
});
afterAll(() => plain?.dispose());

/** The loaded networks, which are shared. */
function networks(): { detection: TextReader['detection']; recognition: TextReader['recognition'] } {
  return { detection: plain.detection, recognition: plain.recognition };
}

const textsOf = ({ lines }: TextResult): string[] => lines.map(({ text }) => text.replaceAll(' ', ''));

test.each([0, 90, 180, 270] as const)('a page turned by %i° is read as if it were not', async (angle) => {
  const pageOrientation = await loadCorners('["0", "90", "180", "270"]');
  const reader = await loadTextReader({ ...base, ...networks(), pageOrientation });
  const turned = turnImage(page, angle);
  const result = await readText(turned, { reader });
  expect(result).toMatchObject({ pageAngle: angle, text: expected.text });
  expect(result.image).toEqual({ width: turned.width, height: turned.height });
  expect(textsOf(result)).toEqual(written.map((line) => line.replaceAll(' ', '')));
  // Places are in the image as it was given: the same as those of the upright page, turned with it.
  const forth = ({ lines }: TextResult): unknown =>
    lines.map(({ polygon }) =>
      polygon.map((point) => turnPointBack(point, ((360 - angle) % 360) as typeof angle, turned)),
    );
  expect(result.lines.map(({ polygon }) => polygon)).toEqual(forth(expected));
  expect(result.unwarped).toBeUndefined();
});

test('a page is unwarped after it was turned, and the result has the flat page', async () => {
  const pageOrientation = await loadCorners('["0", "90", "180", "270"]');
  await using reader = await loadTextReader({ ...base, ...networks(), pageOrientation, unwarping: brightener() });
  const turned = turnImage(page, 90);
  const result = await readText(turned, { reader });
  expect(textsOf(result)).toEqual(written.map((line) => line.replaceAll(' ', '')));
  expect(result).toMatchObject({ pageAngle: 90, image: { width, height } });
  const flat = result.unwarped as RgbImage;
  const level = (value: number): number =>
    Math.trunc(Math.fround(Math.fround(Math.fround(value / 255) * 0.875 + 0.125) * 255));
  expect(flat).toMatchObject({ width, height });
  expect([flat.data[0], flat.data.at(-1)]).toEqual([level(0), level(255)]);
  expect(Object.keys(result)).not.toContain('unwarped');
  expect(JSON.stringify(result)).not.toContain('unwarped');
  // Pictures are drawn on the flat page, whichever image is given.
  const picture = await visualize(turned, result);
  expect([picture.width, picture.height]).toEqual([width, height]);
  expect((await visualizeText(turned, result)).height).toBe(height);
});

test('a network that unwarps is a task of its own', async () => {
  await using model = await loadModel(brightener(), { task: 'image-unwarping', engine: 'plain' });
  const result = await predict(model, page);
  expect(result).toMatchObject({ kind: 'image-unwarping', size: { width, height }, image: { width, height } });
  expect(result.unwarped.data.length).toBe(page.data.length);
  expect(Object.keys(JSON.parse(JSON.stringify(result)))).not.toContain('unwarped');
});

test('a classifier of something else is refused', async () => {
  const pageOrientation = await loadCorners('["cat", "dog"]');
  await expect(loadTextReader({ ...base, ...networks(), pageOrientation })).rejects.toMatchObject({
    code: 'MODEL_UNSUPPORTED',
    message: expect.stringMatching(
      /^Expected a classifier with the classes 0, 90, 180 and 270 degrees as pageOrientation.*cat, dog$/,
    ),
  });
});
