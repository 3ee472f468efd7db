import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { type Dataset, type ImageTruth, openDataset } from '../../src';
import { folderWith } from '../helpers/folders';
import { sharedPath } from '../helpers/project';
import { writeImage } from './make';

async function truthsOf(dataset: Dataset): Promise<(ImageTruth | undefined)[]> {
  return Promise.all(dataset.images.map(async (image) => (await image.truth()).truth));
}

async function listOf(content: string, images: readonly string[] = ['a.png', 'b.png']): Promise<string> {
  const folder = folderWith({ 'val_list.txt': content });
  for (const image of images) await writeImage(folder, image);
  return path.join(folder, 'val_list.txt');
}

test.each(['a.png 2\nb.png 0\n', '\uFEFFa.png\t2\r\n\r\nb.png\t0'])(
  'a list of images and classes: %j',
  async (content) => {
    const dataset = await openDataset(await listOf(content));
    expect(dataset).toMatchObject({ format: 'class-list', classes: [], problems: [] });
    expect(dataset.images.map(({ name, imageId }) => [name, imageId])).toEqual([
      ['a.png', 1],
      ['b.png', 2],
    ]);
    expect(await truthsOf(dataset)).toEqual([
      { kind: 'classes', classIds: [2] },
      { kind: 'classes', classIds: [0] },
    ]);
  },
);

test('names of images may have blanks, and the separator can be given', async () => {
  const blanks = await openDataset(await listOf('my a.png 1', ['my a.png']));
  expect(blanks.images[0]?.name).toBe('my a.png');
  const commas = await openDataset(await listOf('a.png;1'), { separator: ';' });
  expect(await truthsOf(commas)).toEqual([{ kind: 'classes', classIds: [1] }]);
});

test('a list with 0 or 1 for each class is multi-label, as in PaddleClas', async () => {
  const dataset = await openDataset(await listOf('a.png\t0,1,1\nb.png\t0,0,0'));
  expect(await truthsOf(dataset)).toEqual([
    { kind: 'classes', classIds: [1, 2], multiLabel: true },
    { kind: 'classes', classIds: [], multiLabel: true },
  ]);
});

test.each([
  ['a line without a class', 'a.png 0\nb.png', 'line 2'],
  ['a class that is no number', 'a.png 0\n\nb.png cat', 'line 3'],
  ['a class outside the names', 'a.png 0\nb.png 2', 'line 2'],
  ['other numbers than 0 and 1', 'a.png 0,1\nb.png 0,7', 'line 2'],
  ['lists of different lengths', 'a.png 0,1\nb.png 0,1,1', 'line 2'],
  ['an image twice', 'a.png 0\n./a.png 1', 'line 2'],
])('%s is refused with its line', async (_, content, place) => {
  await expect(openDataset(await listOf(content), { classes: ['x', 'y'] })).rejects.toMatchObject({
    code: 'DATASET_INVALID',
    message: expect.stringMatching(new RegExp(`\\(${place} of .*val_list.txt\\)`)),
  });
});

test('names of classes may be in a file, with or without their numbers', async () => {
  const folder = folderWith({ 'plain.txt': 'cat\ndog\n', 'numbers.txt': '0 cat\n1 big dog\n', 'list.txt': 'a.png 1' });
  await writeImage(folder, 'a.png');
  const list = path.join(folder, 'list.txt');
  expect((await openDataset(list, { classes: path.join(folder, 'plain.txt') })).classes).toEqual(['cat', 'dog']);
  expect((await openDataset(list, { classes: path.join(folder, 'numbers.txt') })).classes).toEqual(['cat', 'big dog']);
  await expect(openDataset(list, { classes: 'no.txt' })).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
});

test('one folder per class: numbers by sorted names, or by the names given', async () => {
  const folder = folderWith({ 'cat/notes.txt': '' });
  for (const image of ['dog/1.png', 'cat/1.png', 'cat/deep/2.png']) await writeImage(folder, image);
  const dataset = await openDataset(folder);
  expect(dataset).toMatchObject({ format: 'class-folders', classes: ['cat', 'dog'], problems: [] });
  expect(dataset.images.map(({ name }) => name)).toEqual(['cat/1.png', 'cat/deep/2.png', 'dog/1.png']);
  expect((await truthsOf(dataset)).at(-1)).toEqual({ kind: 'classes', classIds: [1] });
  const named = await openDataset(folder, { classes: ['dog', 'cow', 'cat'] });
  expect((await truthsOf(named))[0]).toEqual({ kind: 'classes', classIds: [2] });
  await expect(openDataset(folder, { classes: ['dog'] })).rejects.toMatchObject({
    code: 'DATASET_INVALID',
    message: expect.stringContaining('(folder cat of '),
  });
});

const shapes = sharedPath('golden/shapes_val/cls/list.txt');

test.skipIf(shapes === undefined)('the classes of the shapes are read without a problem', async () => {
  const dataset = await openDataset(shapes as string);
  expect(dataset.problems).toEqual([]);
  expect((await truthsOf(dataset)).slice(0, 3)).toMatchObject([
    { classIds: [2] },
    { classIds: [0] },
    { classIds: [4] },
  ]);
});

test('a list of images and their texts, which keep their blanks', async () => {
  const dataset = await openDataset(await listOf('a.png\tHello, world!\nb.png\t2024'));
  expect(dataset).toMatchObject({ format: 'text-list', classes: [], problems: [] });
  expect(await truthsOf(dataset)).toEqual([
    { kind: 'text', text: 'Hello, world!' },
    { kind: 'text', text: '2024' },
  ]);
});

test('a list of texts that are all numbers must be named', async () => {
  const file = await listOf('a.png\t2024\nb.png\t7');
  expect((await openDataset(file)).format).toBe('class-list');
  expect(await truthsOf(await openDataset(file, { format: 'text-list' }))).toEqual([
    { kind: 'text', text: '2024' },
    { kind: 'text', text: '7' },
  ]);
  await expect(openDataset(await listOf('a.png'), { format: 'text-list' })).rejects.toMatchObject({
    code: 'DATASET_INVALID',
    message: expect.stringMatching(/Expected an image, a tab and its text but received "a\.png" \(line 1 of/),
  });
});

test('images beside the folders of classes, and classes without images, are named', async () => {
  const folder = folderWith({});
  await writeImage(folder, 'cat/a.png');
  const loose = await writeImage(folder, 'b.png');
  mkdirSync(path.join(folder, 'dog'));
  const { images, classes, problems } = await openDataset(folder);
  expect(classes).toEqual(['cat', 'dog']);
  expect(images).toHaveLength(1);
  expect(problems).toMatchObject([
    { kind: 'image-left-out', file: loose },
    { kind: 'kept', file: path.join(folder, 'dog') },
  ]);
});

test('pictures that can not be read are named, as left out', async () => {
  const folder = folderWith({ 'dog/of-a-phone.HEIC': 'x' });
  await writeImage(folder, 'cat/a.png');
  const { images, problems } = await openDataset(folder);
  expect(images).toHaveLength(1);
  expect(problems[0]).toEqual({
    kind: 'image-left-out',
    file: path.join(folder, 'dog', 'of-a-phone.HEIC'),
    message: 'Expected an image that can be read, such as PNG or JPEG; convert it first',
  });
});
