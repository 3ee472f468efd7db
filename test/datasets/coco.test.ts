import path from 'node:path';
import { expect, test } from 'vitest';
import { type Dataset, encodeRle, openDataset, type TrueObject } from '../../src';
import { folderWith } from '../helpers/folders';
import { sharedPath } from '../helpers/project';
import { writeImage } from './make';

const categories = [
  { id: 18, name: 'dog' },
  { id: 3, name: 'cat' },
];

interface Annotation {
  readonly [key: string]: unknown;
}

/** A file with one image of 20 × 10 pixels, and each annotation's missing fields filled in. */
function cocoOf(annotations: readonly Annotation[], more: object = {}): object {
  const filled = annotations.map((annotation, index) => {
    return { id: index + 1, image_id: 7, category_id: 3, bbox: [1, 2, 3, 4], iscrowd: 0, ...annotation };
  });
  const images = [{ id: 7, file_name: 'a.png', width: 20, height: 10 }];
  return { images, annotations: filled, categories, ...more };
}

async function openOne(content: object, options: Parameters<typeof openDataset>[1] = {}): Promise<Dataset> {
  const folder = folderWith({ 'instances.json': content });
  await writeImage(folder, 'a.png');
  return openDataset(path.join(folder, 'instances.json'), options);
}

async function objectsOf(content: object): Promise<{ objects: readonly TrueObject[]; problems: readonly string[] }> {
  const dataset = await openOne(content);
  const read = await dataset.images[0]?.truth();
  if (read?.truth?.kind !== 'objects') throw new Error('no objects');
  return { objects: read.truth.objects, problems: read.problems.map(({ kind, place }) => `${kind} ${place}`) };
}

test('an object has its class by the order of the categories, and its box, area and mask', async () => {
  const polygon = [1, 2, 4, 2, 4, 6, 1, 6, 1, 4];
  const { objects, problems } = await objectsOf(cocoOf([{ area: 11.5, segmentation: [polygon] }]));
  expect(objects).toEqual([
    { classId: 1, box: [1, 2, 3, 4], area: 11.5, crowd: false, ignored: false, mask: [polygon] },
  ]);
  expect(problems).toEqual([]);
  const dataset = await openOne(cocoOf([]));
  expect(dataset).toMatchObject({ format: 'coco', classes: ['dog', 'cat'], categoryIds: [18, 3], problems: [] });
  expect(dataset.images).toMatchObject([{ name: 'a.png', imageId: 7 }]);
});

test('the classes of the user give the numbers', async () => {
  const dataset = await openOne(cocoOf([{}, { category_id: 18 }]), { classes: ['cat', 'cow', 'dog'] });
  expect(dataset).toMatchObject({ classes: ['cat', 'cow', 'dog'], categoryIds: [3, undefined, 18] });
  const read = await dataset.images[0]?.truth();
  expect(read?.truth).toMatchObject({ objects: [{ classId: 0 }, { classId: 2 }] });
  await expect(openOne(cocoOf([]), { classes: ['cat'] })).rejects.toMatchObject({
    code: 'DATASET_INVALID',
    message: expect.stringContaining('categories[0].name'),
  });
});

test('a crowd and a person without joints are ignored, COCO’s own "ignore" is not read, as in pycocotools', async () => {
  const joints = [1, 2, 2, 0, 0, 0];
  const { objects } = await objectsOf(
    cocoOf([{ iscrowd: 1 }, { keypoints: joints, num_keypoints: 0 }, { keypoints: joints }, { ignore: 1 }]),
  );
  expect(objects.map(({ crowd, ignored }) => [crowd, ignored])).toEqual([
    [true, true],
    [false, true],
    [false, false],
    [false, false],
  ]);
  expect(objects[2]?.keypoints).toEqual(joints);
});

test('run lengths may be compressed or not, and give the area if the file does not', async () => {
  const data = new Uint8Array(200).fill(1, 20, 50);
  const mask = encodeRle({ width: 20, height: 10, data });
  const plain = { size: [10, 20], counts: [10, 5, 185] };
  const polygon = [2, 1, 6, 1, 6, 4, 2, 4, 2, 2];
  const { objects } = await objectsOf(
    cocoOf([{ segmentation: mask }, { segmentation: plain }, { segmentation: [polygon] }, {}]),
  );
  expect(objects[0]?.mask).toEqual(mask);
  expect(objects[1]?.mask).toMatchObject({ size: [10, 20], counts: expect.any(String) });
  expect(objects.map(({ area }) => area)).toEqual([30, 5, 12, 12]);
});

test('objects that are all single polygons with four corners may be rotated boxes', async () => {
  const corners = [1, 2, 4, 3, 3, 6, 0, 5];
  const only = await objectsOf(cocoOf([{ segmentation: [corners] }, { segmentation: [corners] }]));
  expect(only.objects.map((object) => object.corners)).toEqual([corners, corners]);
  const mixed = await objectsOf(cocoOf([{ segmentation: [corners] }, {}]));
  expect(mixed.objects.map((object) => object.corners)).toEqual([undefined, undefined]);
});

test.each<[string, Annotation, string]>([
  ['a polygon with two corners', { segmentation: [[1, 2, 3, 4]] }, 'object-left-out annotations[0].segmentation'],
  ['a polygon with null', { segmentation: [[1, 2, 3, 4, 5, null]] }, 'object-left-out annotations[0].segmentation'],
  [
    'a mask of another size',
    { segmentation: { size: [9, 20], counts: [180] } },
    'object-left-out annotations[0].segmentation',
  ],
  [
    'run lengths that don’t fill the image',
    { segmentation: { size: [10, 20], counts: [100] } },
    'object-left-out annotations[0].segmentation',
  ],
  ['a polygon with an odd count', { segmentation: [[1, 2, 3, 4, 9, 6, 7]] }, 'kept annotations[0].segmentation[0]'],
  ['a polygon without area', { segmentation: [[1, 1, 5, 5, 9, 9]] }, 'kept annotations[0].segmentation'],
  ['a polygon beside the image', { segmentation: [[50, 1, 55, 1, 55, 9]] }, 'kept annotations[0].segmentation'],
  ['a negative area', { area: -4 }, 'kept annotations[0].area'],
  ['a box without area', { bbox: [1, 2, 0, 4] }, 'kept annotations[0].bbox'],
  ['a box outside the image', { bbox: [15, 2, 10, 4] }, 'kept annotations[0].bbox'],
])('%s is named, and the box still counts', async (_, annotation, problem) => {
  const { objects, problems } = await objectsOf(cocoOf([annotation]));
  expect(problems).toEqual([problem]);
  expect(objects).toHaveLength(1);
  expect(objects[0]?.mask === undefined).toBe(!problem.startsWith('kept annotations[0].segmentation'));
});

test.each<[string, string | object, string]>([
  ['text', 'no json', 'Expected JSON'],
  ['NaN, which Python writes', '{ "images": [NaN] }', 'Expected JSON'],
  ['a list', [], 'Expected an object'],
  ['a missing list', { images: [], annotations: [] }, 'categories is no list (categories of '],
  ['an image without a name', cocoOf([], { images: [{ id: 1, width: 2, height: 2 }] }), 'images[0].file_name of '],
  ['an unknown image', cocoOf([{}, { image_id: 9 }]), '(annotations[1].image_id of '],
  ['an unknown category', cocoOf([{ category_id: 9 }]), '(annotations[0].category_id of '],
  ['a box of text', cocoOf([{ bbox: 'x' }]), '(annotations[0].bbox of '],
  ['an area of text', cocoOf([{ area: 'x' }]), '(annotations[0].area of '],
  ['joints without visibility', cocoOf([{ keypoints: [1, 2] }]), '(annotations[0].keypoints of '],
  ['a crowd that is no 0 or 1', cocoOf([{ iscrowd: '1' }]), '(annotations[0].iscrowd of '],
  ['a count of joints in words', cocoOf([{ keypoints: [], num_keypoints: 'x' }]), '(annotations[0].num_keypoints of '],
  ['an annotation twice', cocoOf([{}, { id: 1 }]), '(annotations[1].id of '],
  ['no image', { images: [], annotations: [], categories }, 'Expected at least one image'],
])('%s is refused with its place', async (_, content, place) => {
  const error = await openOne(content as object).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: 'DATASET_INVALID', message: expect.stringContaining(place) });
  expect(error).toMatchObject({ message: expect.stringContaining('instances.json') });
});

test.each(['id', 'file_name'])('two images with the same %s are refused', async (key) => {
  const images = [
    { id: 7, file_name: 'a.png', width: 20, height: 10 },
    { id: 8, file_name: 'b.png', width: 20, height: 10, ...(key === 'id' ? { id: 7 } : { file_name: 'a.png' }) },
  ];
  await expect(openOne(cocoOf([], { images }))).rejects.toMatchObject({
    code: 'DATASET_INVALID',
    message: expect.stringContaining(`images[1].${key}`),
  });
});

test('images that are missing or have no size are left out and named', async () => {
  const image = (id: number, width: number): object => ({ id, file_name: `${id}.png`, width, height: 10 });
  const folder = folderWith({
    'coco.json': { images: [image(1, 20), image(2, 20), image(3, 0)], annotations: [], categories },
  });
  await writeImage(folder, '1.png');
  await writeImage(folder, '3.png');
  const dataset = await openDataset(folder);
  expect(dataset.images.map(({ name }) => name)).toEqual(['1.png', '3.png']);
  expect(dataset.problems).toMatchObject([{ kind: 'image-left-out', place: 'images[1].file_name' }]);
  expect(await dataset.images[1]?.truth()).toMatchObject({
    truth: undefined,
    problems: [{ kind: 'image-left-out', place: 'images[2]' }],
  });
});

test('without any image the error says where they were looked for, and the option images finds them', async () => {
  const folder = folderWith({ 'annotations/instances_val2017.json': cocoOf([]) });
  const file = path.join(folder, 'annotations/instances_val2017.json');
  const error = await openDataset(file).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: 'FILE_NOT_FOUND', message: expect.stringContaining('option images') });
  expect(error).toMatchObject({ message: expect.stringContaining(path.join(folder, 'val2017')) });
  await writeImage(folder, 'elsewhere/a.png');
  const dataset = await openDataset(file, { images: path.join(folder, 'elsewhere') });
  expect(dataset.images).toHaveLength(1);
  await writeImage(folder, 'val2017/a.png');
  expect((await openDataset(folder)).images[0]?.file).toBe(path.join(folder, 'val2017/a.png'));
});

test('a folder with several files of COCO asks for one of them', async () => {
  const folder = folderWith({ 'annotations/a.json': cocoOf([]), 'annotations/b.json': cocoOf([]) });
  await expect(openDataset(folder)).rejects.toMatchObject({
    code: 'DATASET_INVALID',
    message: expect.stringContaining('annotations/a.json, annotations/b.json; give the path of one of them'),
  });
});

test('a file of 100 000 objects is read in a thread and gives the same truth', async () => {
  const count = 2000;
  const images = Array.from({ length: count }, (_, id) => ({ id, file_name: `${id}.png`, width: 640, height: 480 }));
  const annotations = Array.from({ length: 100_000 }, (_, id) => {
    const at = [id % 600, id % 400, 10, 20];
    return { id, image_id: id % count, category_id: 3, bbox: at, area: 200, iscrowd: 0 };
  });
  const folder = folderWith({ 'coco.json': { images, annotations, categories } });
  await writeImage(folder, '5.png');
  const dataset = await openDataset(folder);
  expect(dataset.problems).toHaveLength(count - 1);
  const read = await dataset.images[0]?.truth();
  if (read?.truth?.kind !== 'objects') throw new Error('no objects');
  expect(read.truth.objects).toHaveLength(50);
  expect(read.truth.objects[1]).toEqual({
    classId: 1,
    box: [2005 % 600, 2005 % 400, 10, 20],
    area: 200,
    crowd: false,
    ignored: false,
  });
});

test('faults in a large file are the same errors, and reading it can be aborted', async () => {
  const annotations = Array.from({ length: 10_000 }, (_, index) => (index === 9999 ? { image_id: 1 } : {}));
  await expect(openOne(cocoOf(annotations))).rejects.toMatchObject({
    code: 'DATASET_INVALID',
    message: expect.stringContaining('(annotations[9999].image_id of '),
  });
  const signal = AbortSignal.abort();
  await expect(openOne(cocoOf([]), { signal })).rejects.toMatchObject({ code: 'ABORTED' });
});

const shapes = sharedPath('golden/shapes_val/coco.json');

test.skipIf(shapes === undefined)('the shapes are read without a problem', async () => {
  const dataset = await openDataset(shapes as string);
  expect(dataset.classes).toEqual(['circle', 'square', 'triangle', 'star', 'heart']);
  expect(dataset.images).toHaveLength(240);
  const read = await Promise.all(dataset.images.map((image) => image.truth()));
  expect(read.flatMap(({ problems }) => problems)).toEqual([]);
  expect(read.flatMap(({ truth }) => (truth?.kind === 'objects' ? truth.objects : []))).toHaveLength(1090);
});
