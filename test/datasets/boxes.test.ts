import path from 'node:path';
import { expect, test } from 'vitest';
import { type Dataset, type DatasetOptions, openDataset, type TrueObject } from '../../src';
import { folderWith } from '../helpers/folders';
import { writeImage } from './make';

async function truthOf(dataset: Dataset): Promise<{ objects: readonly TrueObject[]; problems: string[] }> {
  const read = await dataset.images[0]?.truth();
  if (read?.truth?.kind !== 'objects') throw new Error(JSON.stringify(read?.problems));
  return { objects: read.truth.objects, problems: read.problems.map(({ kind, place }) => `${kind} ${place}`) };
}

function xmlOf(...objects: readonly { name?: string; box: readonly unknown[]; difficult?: number }[]): string {
  const body = objects.map(({ name = 'cat', box, difficult = 0 }) => {
    const [xmin, ymin, xmax, ymax] = box;
    const bounds = `<xmin>${xmin}</xmin><ymin>${ymin}</ymin><xmax>${xmax}</xmax><ymax>${ymax}</ymax>`;
    return `<object><name>${name}</name><difficult>${difficult}</difficult><bndbox>${bounds}</bndbox></object>`;
  });
  return `<annotation><size><width>20</width><height>10</height></size>${body.join('')}</annotation>`;
}

async function vocOf(xml: string, more: Readonly<Record<string, string>> = {}): Promise<string> {
  const folder = folderWith({ 'Annotations/a.xml': xml, ...more });
  await writeImage(folder, 'JPEGImages/a.png');
  return folder;
}

test('VOC has boxes as PaddleDetection reads them: 1 is not subtracted, and they end at the last pixel', async () => {
  const xml = xmlOf({ box: [2, 3, 6, 8] }, { name: 'dog', box: [1, 1, 20, 10], difficult: 1 });
  const dataset = await openDataset(await vocOf(xml));
  expect(dataset).toMatchObject({ format: 'voc', images: [{ name: 'a.png', imageId: 1 }], problems: [] });
  const { objects, problems } = await truthOf(dataset);
  expect(objects).toEqual([
    { classId: 7, box: [2, 3, 4, 5], area: 20, crowd: false, ignored: false },
    { classId: 11, box: [1, 1, 18, 8], area: 144, crowd: false, ignored: true },
  ]);
  expect(problems).toEqual([]);
});

test('VOC’s classes are its own 20, those of label_list.txt, or those given', async () => {
  const xml = xmlOf({ name: 'star', box: [2, 3, 6, 8] });
  await expect(truthOf(await openDataset(await vocOf(xml)))).rejects.toMatchObject({
    code: 'DATASET_INVALID',
    message: expect.stringMatching(/option classes \(object\[0\]\.name of .*a\.xml\)/),
  });
  const listed = await openDataset(await vocOf(xml, { 'label_list.txt': 'heart\nstar\n' }));
  expect((await truthOf(listed)).objects[0]?.classId).toBe(1);
  const given = await openDataset(await vocOf(xml), { classes: ['star'] });
  expect((await truthOf(given)).objects[0]?.classId).toBe(0);
});

test('VOC’s list is val, else test, else all files, or the one given', async () => {
  const xml = xmlOf();
  const lists = { 'ImageSets/Main/test.txt': 'a\nmissing 1', 'ImageSets/Main/train.txt': 'none' };
  const dataset = await openDataset(await vocOf(xml, lists));
  expect(dataset.problems).toMatchObject([{ kind: 'image-left-out', place: 'line 2' }]);
  // With a limit, what comes after the last wanted image is not looked at.
  expect(await openDataset(await vocOf(xml, lists), { limit: 1 })).toMatchObject({ images: [{}], problems: [] });
  expect((await openDataset(await vocOf(xml))).images).toHaveLength(1);
  await expect(openDataset(await vocOf(xml, lists), { split: 'train' })).rejects.toMatchObject({
    code: 'FILE_NOT_FOUND',
  });
  await expect(openDataset(await vocOf(xml, lists), { split: 'val' })).rejects.toThrow('contains test.txt, train.txt');
});

test('PaddleDetection’s list of images and XML files', async () => {
  const folder = await vocOf(xmlOf({ box: [2, 3, 6, 8] }), {
    'val.txt': 'JPEGImages/a.png Annotations/a.xml\n',
    'bad.txt': 'JPEGImages/a.png Annotations/a.xml\nb.png',
  });
  const dataset = await openDataset(path.join(folder, 'val.txt'));
  expect(dataset.format).toBe('voc');
  expect((await truthOf(dataset)).objects).toHaveLength(1);
  await expect(openDataset(path.join(folder, 'bad.txt'))).rejects.toThrow('line 2');
});

test('VOC’s boxes outside the image are cut off, those without area left out, as in PaddleDetection', async () => {
  const { objects, problems } = await truthOf(
    await openDataset(await vocOf(xmlOf({ box: [-5, 2, 30, 8] }, { box: [4, 4, 4, 8] }, { box: [25, 2, 30, 8] }))),
  );
  expect(objects.map(({ box }) => box)).toEqual([[0, 2, 19, 6]]);
  expect(problems).toEqual([
    'kept object[0].bndbox',
    'object-left-out object[1].bndbox',
    'object-left-out object[2].bndbox',
  ]);
});

test('a damaged XML file of VOC is refused, and an image without one left out', async () => {
  await expect(truthOf(await openDataset(await vocOf(xmlOf({ box: ['x', 1, 2, 3] }))))).rejects.toMatchObject({
    code: 'DATASET_INVALID',
    message: expect.stringContaining('(object[0].bndbox of '),
  });
  const folder = await vocOf('', { 'ImageSets/Main/val.txt': 'b' });
  await writeImage(folder, 'JPEGImages/b.png');
  const dataset = await openDataset(folder);
  expect(await dataset.images[0]?.truth()).toMatchObject({ truth: undefined, problems: [{ kind: 'image-left-out' }] });
});

test('an XML file of VOC that ends early is refused, and no object is dropped from it', async () => {
  const xml = xmlOf({ box: [1, 1, 5, 5] }, { box: [6, 6, 9, 9] });
  for (const end of [-'</annotation>'.length, -60]) {
    await expect(truthOf(await openDataset(await vocOf(xml.slice(0, end))))).rejects.toMatchObject({
      code: 'DATASET_INVALID',
      message: expect.stringMatching(
        /^Expected <\/(annotation|object)> of PASCAL VOC but the file ends without it .+a\.xml\)$/,
      ),
    });
  }
  const numbered = xml.replaceAll('<object>', '<object id="1">').replaceAll('cat', 'c&#97;t');
  expect((await truthOf(await openDataset(await vocOf(numbered)))).objects).toHaveLength(2);
});

test('an image of VOC without an XML file is named where no list leaves it out', async () => {
  const folder = await vocOf(xmlOf({ box: [1, 1, 5, 5] }));
  await writeImage(folder, 'JPEGImages/b.png');
  const { images, problems } = await openDataset(folder);
  expect(images).toHaveLength(1);
  expect(problems).toMatchObject([{ kind: 'image-left-out', file: path.join(folder, 'JPEGImages/b.png') }]);
});

test('YOLO’s labels without an image are named', async () => {
  const folder = folderWith({
    'labels/val/a.txt': '',
    'labels/val/lost.txt': '0 0.5 0.5 0.2 0.4',
    'labels/val/classes.txt': 'cat',
    'data.yaml': 'val: images/val\nnames: [cat]\n',
  });
  await writeImage(folder, 'images/val/a.png');
  const lost = [{ kind: 'image-left-out', file: path.join(folder, 'labels/val/lost.txt') }];
  expect((await openDataset(folder)).problems).toMatchObject(lost);
  expect((await openDataset(folder, { limit: 1 })).problems).toEqual([]);
});

async function yoloOf(
  labels: string | undefined,
  options: DatasetOptions = {},
  more: Readonly<Record<string, string>> = {},
): Promise<Dataset> {
  const folder = folderWith({
    'labels/classes.txt': '',
    ...(labels === undefined ? {} : { 'labels/a.txt': labels }),
    ...more,
  });
  await writeImage(folder, 'images/a.png');
  return openDataset(folder, options);
}

test('YOLO has boxes, polygons and corners as fractions of the image', async () => {
  const dataset = await yoloOf('1 0.5 0.5 0.2 0.4\n0 0 0 0.5 0 0.5 1\n2 0.1 0.1 0.5 0.1 0.5 0.5 0.1 0.5\n');
  expect(dataset).toMatchObject({ format: 'yolo', classes: [], images: [{ name: 'a.png' }], problems: [] });
  const { objects, problems } = await truthOf(dataset);
  const plain = { crowd: false, ignored: false };
  const corners = [2, 1, 10, 1, 10, 5, 2, 5];
  expect(objects).toEqual([
    { ...plain, classId: 1, box: [8, 3, 4, 4], area: 16 },
    { ...plain, classId: 0, box: [0, 0, 10, 10], area: 100, mask: [[0, 0, 10, 0, 10, 10]] },
    { ...plain, classId: 2, box: [2, 1, 8, 4], area: 32, mask: [corners], corners },
  ]);
  expect(problems).toEqual([]);
});

test('data.yaml names the classes, the images and the joints', async () => {
  const yaml = 'path: .\nval: images/val\nnames: { 0: person, 1: ball }\nkpt_shape: [2, 2]\n';
  const folder = folderWith({
    'data.yaml': yaml,
    'labels/val/a.txt': '0 0.5 0.5 0.2 0.4 0.25 0.5 0 0\n',
    'bad.yaml': 'val: images/val\nnames: { 0: person, 2: ball }\n',
  });
  await writeImage(folder, 'images/val/a.png');
  const dataset = await openDataset(folder);
  expect(dataset).toMatchObject({ classes: ['person', 'ball'], images: [{ name: 'images/val/a.png' }] });
  expect((await truthOf(dataset)).objects[0]?.keypoints).toEqual([5, 5, 2, 0, 0, 0]);
  expect((await openDataset(path.join(folder, 'data.yaml'))).images).toHaveLength(1);
  await expect(openDataset(folder, { split: 'test' })).rejects.toMatchObject({
    code: 'DATASET_INVALID',
    message: expect.stringMatching(/data\.yaml:1: Expected a folder or .* as key "test" but it is missing$/),
  });
  await expect(openDataset(path.join(folder, 'bad.yaml'))).rejects.toMatchObject({
    code: 'DATASET_INVALID',
    message: expect.stringMatching(/bad\.yaml:2: names: Expected the names .* but received \{"0":"person"/),
  });
});

test('a list of images, and folders of parts', async () => {
  const folder = folderWith({ 'train.txt': './images/train/a.png\n', 'labels/train/a.txt': '0 0.5 0.5 0.2 0.4' });
  await writeImage(folder, 'images/train/a.png');
  expect((await truthOf(await openDataset(path.join(folder, 'train.txt')))).objects).toHaveLength(1);
  expect((await truthOf(await openDataset(folder, { split: 'train' }))).objects).toHaveLength(1);
  await expect(openDataset(folder)).rejects.toThrow('no folder val');
});

test.each([
  ['an even count of numbers', '0 0.5 0.5 0.2 0.4 0.5', 'object-left-out line 1', 0],
  ['two corners', '0 0.5 0.5', 'object-left-out line 1', 0],
  ['NaN', '0 0.5 nan 0.2 0.4', 'object-left-out line 1', 0],
  ['no area', '0 0.5 0.5 0 0.4', 'object-left-out line 1', 0],
  ['the same line again', '0 0.5 0.5 0.2 0.4\n0 0.5 0.5 0.2 0.4', 'object-left-out line 2', 1],
  ['a box outside', '0 0.9 0.5 0.4 0.4', 'kept line 1', 1],
  ['no labels', undefined, 'kept undefined', 0],
])('YOLO’s labels with %s are named', async (_, labels, problem, count) => {
  const { objects, problems } = await truthOf(await yoloOf(labels));
  expect([objects.length, problems]).toEqual([count, [problem]]);
});

test.each([
  ['a class that is no number', 'cat 0.5 0.5 0.2 0.4', 'line 1'],
  ['a class outside the names', '0 0.5 0.5 0.2 0.4\n1 0.5 0.5 0.2 0.4', 'line 2'],
  ['nothing behind the class', '0', 'line 1'],
])('YOLO’s labels with %s are refused', async (_, labels, place) => {
  await expect(truthOf(await yoloOf(labels, { classes: ['one'] }))).rejects.toMatchObject({
    code: 'DATASET_INVALID',
    message: expect.stringMatching(new RegExp(`\\(${place} of .*a\\.txt\\)`)),
  });
});
