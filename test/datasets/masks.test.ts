import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { type DatasetOptions, openDataset } from '../../src';
import { encodeIndexedPng } from '../../src/drawing/png';
import { folderWith } from '../helpers/folders';
import { sharedPath } from '../helpers/project';
import { writeImage } from './make';

const size = { width: 3, height: 2 };
const pixels = [0, 1, 2, 1, 255, 0];

/** A folder with one image of 3 × 2 pixels, its mask, and a list of the two. */
async function listed(lines = 'a.png m.png'): Promise<string> {
  const folder = folderWith({ 'val.txt': lines });
  await writeImage(folder, 'a.png', size);
  await writeImage(folder, 'm.png', { ...size, pixels });
  return path.join(folder, 'val.txt');
}

async function firstTruth(input: string, options?: DatasetOptions): ReturnType<typeof truthOf> {
  return truthOf(await openDataset(input, options));
}

async function truthOf(
  dataset: Awaited<ReturnType<typeof openDataset>>,
): Promise<{ pixels: unknown; problems: unknown }> {
  const [image] = dataset.images;
  const { truth, problems } = (await image?.truth()) ?? { problems: [] };
  const found = truth?.kind === 'pixels' ? { ...truth.pixels, data: [...truth.pixels.data] } : undefined;
  return { pixels: found, problems };
}

test.each(['a.png m.png', 'a.png\tm.png'])('an image and its mask of class numbers: %j', async (lines) => {
  const list = await listed(lines);
  expect(await firstTruth(list)).toEqual({ pixels: { ...size, data: pixels }, problems: [] });
  expect(await openDataset(list)).toMatchObject({ format: 'mask-list', images: [{ name: 'a.png', imageId: 1 }] });
});

test('a palette’s indexes and equal colours are class numbers, too', async () => {
  const list = await listed();
  const mask = path.join(path.dirname(list), 'm.png');
  const palette = new Uint8Array(768).map((_, index) => index * 7);
  writeFileSync(mask, await encodeIndexedPng(size, { indices: Uint8Array.from(pixels), palette }));
  expect((await firstTruth(list)).pixels).toEqual({ ...size, data: pixels });
  const rgb = Buffer.from(pixels.flatMap((value) => [value, value, value]));
  writeFileSync(
    mask,
    await sharp(rgb, { raw: { ...size, channels: 3 } })
      .png()
      .toBuffer(),
  );
  expect((await firstTruth(list)).pixels).toEqual({ ...size, data: pixels });
});

test('the image of a rotated photo has the size that decodeImage gives', async () => {
  const list = await listed('a.jpg m.png');
  const tall = sharp({ create: { width: 2, height: 3, channels: 3, background: 'red' } });
  await tall
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toFile(path.join(path.dirname(list), 'a.jpg'));
  expect(await firstTruth(list)).toMatchObject({ pixels: size, problems: [] });
});

test.each<[string, (mask: string) => unknown, RegExp]>([
  ['missing', (mask) => writeFileSync(path.join(path.dirname(mask), 'val.txt'), 'a.png no.png'), /no\.png/],
  ['of another size', (mask) => writeImage(path.dirname(mask), 'm.png', { width: 2, height: 2 }), /3 × 2 .* 2 × 2/],
  ['no image', (mask) => writeFileSync(mask, 'text'), /Expected a PNG of class numbers/],
  [
    'in colours',
    async (mask) => {
      await sharp({ create: { ...size, channels: 3, background: 'red' } })
        .png()
        .toFile(mask);
    },
    /its pixels are colours/,
  ],
])('an image whose mask is %s is left out', async (_, damage, message) => {
  const list = await listed();
  await damage(path.join(path.dirname(list), 'm.png'));
  expect(await firstTruth(list)).toEqual({
    pixels: undefined,
    problems: [{ kind: 'image-left-out', file: expect.any(String), message: expect.stringMatching(message) }],
  });
});

test('an image that can’t be read is left out', async () => {
  const list = await listed();
  writeFileSync(path.join(path.dirname(list), 'a.png'), 'text');
  expect(await firstTruth(list)).toMatchObject({ pixels: undefined, problems: [{ kind: 'image-left-out' }] });
});

test('a class number outside the names is refused with its pixel', async () => {
  await expect(firstTruth(await listed(), { classes: ['a', 'b'] })).rejects.toMatchObject({
    code: 'DATASET_INVALID',
    message: expect.stringMatching(/from 0 to 1 .* received 2 \(pixel 2, 0 of .*m\.png\)/),
  });
});

test.each(['a.png m.png\nb.png', 'a.png m.png\nb.png m.png x'])(
  'a line without a mask is refused: %j',
  async (lines) => {
    await expect(openDataset(await listed(lines))).rejects.toMatchObject({
      code: 'DATASET_INVALID',
      message: expect.stringContaining('(line 2 of '),
    });
  },
);

test('the masks of VOC’s folder are read if they are asked for', async () => {
  const folder = folderWith({ 'ImageSets/Segmentation/val.txt': 'a', 'Annotations/a.xml': '' });
  await writeImage(folder, 'JPEGImages/a.jpg', size);
  await writeImage(folder, 'SegmentationClass/a.png', { ...size, pixels });
  expect((await firstTruth(folder, { format: 'mask-list' })).pixels).toEqual({ ...size, data: pixels });
  await expect(openDataset(folder, { format: 'mask-list', split: 'x' })).rejects.toMatchObject({
    code: 'FILE_NOT_FOUND',
    message: expect.stringContaining('contains val.txt'),
  });
});

test('Cityscapes has train ids, or label ids that get their numbers', async () => {
  const folder = folderWith({});
  mkdirSync(path.join(folder, 'gtFine'));
  await writeImage(folder, 'leftImg8bit/val/ulm/ulm_1_leftImg8bit.png', size);
  const mask = 'gtFine/val/ulm/ulm_1_gtFine_label';
  await writeImage(folder, `${mask}Ids.png`, { ...size, pixels: [7, 33, 26, 0, 6, 255] });
  expect(await firstTruth(folder)).toEqual({ pixels: { ...size, data: [0, 18, 13, 255, 255, 255] }, problems: [] });
  await writeImage(folder, `${mask}TrainIds.png`, { ...size, pixels });
  expect((await firstTruth(folder)).pixels).toEqual({ ...size, data: pixels });
  const dataset = await openDataset(folder);
  expect(dataset).toMatchObject({ format: 'cityscapes', images: [{ name: 'ulm/ulm_1_leftImg8bit.png' }] });
  expect([dataset.classes.length, dataset.classes[18]]).toEqual([19, 'bicycle']);
  await expect(openDataset(folder, { split: 'test' })).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
});

const shapes = sharedPath('golden/shapes_val/list.txt');

test.skipIf(shapes === undefined)('the masks of the shapes are read without a problem', async () => {
  const dataset = await openDataset(shapes as string);
  expect([dataset.images.length, dataset.problems]).toEqual([240, []]);
  expect(await firstTruth(shapes as string)).toMatchObject({ pixels: { width: 288, height: 192 }, problems: [] });
});

test('masks of Cityscapes without an image are named', async () => {
  const folder = folderWith({});
  await writeImage(folder, 'leftImg8bit/val/x/x_0_leftImg8bit.png');
  await writeImage(folder, 'gtFine/val/x/x_0_gtFine_labelTrainIds.png');
  const lost = await writeImage(folder, 'gtFine/val/x/x_1_gtFine_labelIds.png');
  expect((await openDataset(folder)).problems).toMatchObject([{ kind: 'image-left-out', file: lost }]);
});

test('a mask in a format that changes its numbers is left out', async () => {
  const folder = folderWith({ 'val.txt': 'a.png m.jpg' });
  await writeImage(folder, 'a.png');
  await writeImage(folder, 'm.jpg');
  const { images } = await openDataset(path.join(folder, 'val.txt'));
  expect(await images[0]?.truth()).toMatchObject({
    truth: undefined,
    problems: [{ kind: 'image-left-out', message: expect.stringContaining('but it is a JPEG') }],
  });
});
