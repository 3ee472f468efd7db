import path from 'node:path';
import { expect, test } from 'vitest';
import { openDataset } from '../../src';
import { folderWith } from '../helpers/folders';
import { writeImage } from './make';

test('what is no data set is refused with the formats that are known', async () => {
  const folder = folderWith({ 'notes.txt': 'hello\n', 'a.csv': '' });
  const error = await openDataset(folder).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: 'DATASET_INVALID', message: expect.stringContaining('a.csv, notes.txt') });
  expect(error).toMatchObject({ message: expect.stringMatching(/- coco: .*\n.*- voc: /) });
  await expect(openDataset(path.join(folder, 'notes.txt'))).rejects.toMatchObject({ code: 'DATASET_INVALID' });
  await expect(openDataset(path.join(folder, 'none'))).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
});

test('a folder that may be of two formats asks for one', async () => {
  const folder = folderWith({ 'coco.json': { images: [] }, 'data.yaml': 'names: [a]' });
  await expect(openDataset(folder)).rejects.toMatchObject({
    code: 'INVALID_ARGUMENT',
    message: expect.stringContaining('(coco, yolo); choose one by the option format'),
  });
});

test.each([
  [{ format: 'coc' }, 'INVALID_ARGUMENT', 'one of "coco"'],
  [{ classes: [] }, 'INVALID_ARGUMENT', 'names of classes'],
  [{ classes: ['a', 'b', 'a'] }, 'INVALID_ARGUMENT', 'each name once'],
  [{ splitt: 'val' }, 'UNKNOWN_OPTION', 'did you mean "split"'],
  [{ split: 'val' }, 'INVALID_ARGUMENT', 'no option split for a file of the format class-list'],
])('the options %j are refused', async (options, code, message) => {
  const folder = folderWith({ 'list.txt': 'a.png 0' });
  await writeImage(folder, 'a.png');
  const error = await openDataset(path.join(folder, 'list.txt'), options as object).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code, message: expect.stringContaining(message) });
});
