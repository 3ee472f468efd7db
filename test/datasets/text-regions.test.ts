import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { openDataset } from '../../src';
import { encodePng } from '../../src/drawing/png';
import { bars } from '../helpers/bright-text';
import { makeFolder } from '../helpers/folders';

const square = [
  [2, 1],
  [12, 1],
  [12, 6],
  [2, 6],
];

async function listOf(...lines: string[]): Promise<string> {
  const folder = makeFolder();
  for (const name of ['a.png', 'b c.png']) await writeFile(path.join(folder, name), await encodePng(bars(20, 10)));
  const file = path.join(folder, 'list.txt');
  await writeFile(file, lines.join('\n'));
  return file;
}

test('the lists of PaddleOCR’s detectors are recognised: corners, outlines, and what is ignored', async () => {
  const outline = [...square, [1, 3]];
  const regions = [
    { transcription: 'a "b"\tc', points: square },
    { transcription: '###', points: square },
    { transcription: '*', points: outline },
  ];
  const file = await listOf(`a.png\t${JSON.stringify(regions)}`, 'b c.png\t[]');
  const { format, classes, images, problems } = await openDataset(file);
  expect({ format, classes, problems }).toEqual({ format: 'text-regions', classes: [], problems: [] });
  expect(images.map(({ name }) => name)).toEqual(['a.png', 'b c.png']);
  const [first, second] = await Promise.all(images.map((image) => image.truth()));
  const shared = { classId: 0, box: [2, 1, 10, 5], area: 50, crowd: false };
  expect(first).toEqual({
    problems: [],
    truth: {
      kind: 'objects',
      objects: [
        { ...shared, ignored: false, corners: square.flat(), text: 'a "b"\tc' },
        { ...shared, ignored: true, corners: square.flat(), text: '###' },
        { ...shared, box: [1, 1, 11, 5], area: 55, ignored: true, mask: [outline.flat()], text: '*' },
      ],
    },
  });
  expect(second).toEqual({ problems: [], truth: { kind: 'objects', objects: [] } });
});

test('they are recognised where the first images have no text', async () => {
  const region = { transcription: 'a', points: square };
  const file = await listOf('a.png\t[]', `b c.png\t${JSON.stringify([region])}`);
  expect((await openDataset(file)).format).toBe('text-regions');
});

test('a region without three points is left out, and named', async () => {
  const broken = [{ points: square.slice(2) }, { points: [[1, 2], [3], [4, 5]] }, { points: 'x' }, {}, null];
  const file = await listOf(`a.png\t${JSON.stringify([{ points: square }, ...broken])}`);
  const [image] = (await openDataset(file)).images;
  const { truth, problems } = (await image?.truth()) ?? {};
  expect(truth?.kind === 'objects' && truth.objects).toHaveLength(1);
  expect(problems?.map(({ kind, place }) => [kind, place])).toEqual(
    [1, 2, 3, 4, 5].map((at) => ['object-left-out', `line 1, [${at}].points`]),
  );
  expect(problems?.[0]?.message).toBe('Expected at least 3 points [x, y] but received "[[12,6],[2,6]]"');
});

test('a line that is no JSON list is an error with its place', async () => {
  const good = `a.png\t${JSON.stringify([{ points: square }])}`;
  for (const [line, text] of [
    ['b c.png\t[{"points"', 'Expected a JSON list of regions but received'],
    ['b c.png\t{"points": []}', 'Expected a JSON list of regions but received'],
    ['b c.png', 'Expected an image, a tab and a JSON list but received "b c.png"'],
  ]) {
    await expect(openDataset(await listOf(good, line as string))).rejects.toMatchObject({
      code: 'DATASET_INVALID',
      message: expect.stringMatching(new RegExp(`${text}.*line 2`)),
    });
  }
});
