import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { nameOutputs } from '../../src/infer/output-names';
import { writersFor } from '../../src/infer/outputs/image-writers';
import { folded, type PlannedImage } from '../../src/infer/plan';
import { randomNumbers } from '../helpers/kernel-properties';

const [picture] = writersFor(['picture'], 'paddlelab');
const [palette] = writersFor(['palette'], 'paddlelab');
const planned = (names: readonly string[]): PlannedImage[] => names.map((name) => ({ file: `/in/${name}`, name }));

/** The result files of images, by the images' names. */
function filesOf(names: readonly string[], writer = picture!, taken: readonly string[] = []): Record<string, string> {
  const images = planned(names);
  const given = nameOutputs(images, [writer], taken);
  return Object.fromEntries(images.map((image) => [image.name, given.fileFor(image, writer)]));
}

describe('result names are unique', () => {
  test.each<[string, readonly string[], Record<string, string>]>([
    ['a changing extension', ['a.bmp', 'a.png'], { 'a.bmp': 'a.bmp.png', 'a.png': 'a.png' }],
    ['two changing extensions', ['a.ppm', 'a.bmp'], { 'a.bmp': 'a.png', 'a.ppm': 'a.ppm.png' }],
    [
      'a name that would be the next candidate',
      ['a.bmp', 'a.png', 'a.bmp.png'],
      { 'a.bmp': 'a-2.png', 'a.png': 'a.png', 'a.bmp.png': 'a.bmp.png' },
    ],
    ['case', ['A.jpg', 'a.jpg'], { 'A.jpg': 'A.jpg', 'a.jpg': 'a-2.jpg' }],
    ['case of a folder', ['B/a.jpg', 'b/a.jpg'], { 'B/a.jpg': 'B/a.jpg', 'b/a.jpg': 'b/a-2.jpg' }],
    ['ß, which some systems treat as ss', ['ß.png', 'SS.png'], { 'SS.png': 'SS.png', 'ß.png': 'ß-2.png' }],
    [
      'an accent as a combining character',
      ['e\u0301.png', '\u00e9.png'],
      { 'e\u0301.png': 'e\u0301.png', '\u00e9.png': '\u00e9-2.png' },
    ],
    [
      'a folder with the name of a result',
      ['x.bmp', 'x.png/y.jpg'],
      { 'x.bmp': 'x.bmp.png', 'x.png/y.jpg': 'x.png/y.jpg' },
    ],
    ['no conflict', ['a.jpg', 'a.png', 'b.bmp'], { 'a.jpg': 'a.jpg', 'a.png': 'a.png', 'b.bmp': 'b.png' }],
  ])('%s', (_, names, expected) => {
    expect(filesOf(names)).toEqual(expected);
  });

  test('palettes of a.jpg and a.png', () => {
    expect(filesOf(['a.jpg', 'a.png'], palette)).toEqual({ 'a.jpg': 'a.jpg.png', 'a.png': 'a.png' });
  });

  test('next to summaries, and next to earlier results', () => {
    expect(filesOf(['results.jsonl/a.png'], picture, ['results.jsonl'])).toEqual({
      'results.jsonl/a.png': 'images/results.jsonl/a.png',
    });
    // `a.bmp` was finished before `a.png` existed.
    expect(filesOf(['a.png'], picture, ['a.png'])).toEqual({ 'a.png': 'a-2.png' });
  });

  test('also for names of the maximum length', () => {
    const [long, other] = [`${'é'.repeat(125)}.bmp`, `${'é'.repeat(125)}.png`];
    const files = Object.values(filesOf([long, other]));
    expect(new Set(files).size).toBe(2);
    for (const file of files) expect(Buffer.byteLength(file)).toBeLessThanOrEqual(255);
  });

  test('and the renamed results are reported', () => {
    const images = planned(['a.bmp', 'a.png', 'b.bmp']);
    expect(nameOutputs(images, [picture!], []).renamed).toEqual([
      { image: images[0], alone: 'a.png', file: 'a.bmp.png' },
    ]);
  });
});

describe('for random names', () => {
  const random = randomNumbers(15);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  const stems = ['a', 'A', 'b', 'a.bmp', 'a-2', 'e\u0301', '\u00e9', 'results.jsonl', 'a.png'];
  const endings = ['.png', '.PNG', '.jpg', '.bmp', '.ppm', ''];
  const folders = ['', '', 'x/', 'X/', 'a.png/'];
  const someNames = (): string[] => [
    ...new Set(Array.from({ length: 12 }, () => pick(folders) + pick(stems) + pick(endings))),
  ];
  const shuffled = <T>(items: readonly T[]): T[] =>
    items
      .map((item) => [random(), item] as const)
      .sort(([a], [b]) => a - b)
      .map(([, item]) => item);

  test('no two results share a path, none is a folder of another, and the order does not matter', () => {
    for (let round = 0; round < 300; round++) {
      const names = someNames();
      const writer = pick([picture!, palette!]);
      const files = filesOf(names, writer, ['results.jsonl']);
      const keys = new Set(['results.jsonl', ...Object.values(files).map(folded)]);
      expect(keys.size, names.join()).toBe(names.length + 1);
      for (const file of Object.values(files)) {
        for (let folder = path.dirname(file); folder !== '.'; folder = path.dirname(folder))
          expect(keys.has(folded(folder)), names.join()).toBe(false);
      }
      expect(filesOf(shuffled(names), writer, ['results.jsonl'])).toEqual(files);
    }
  });

  test('a resumed run has the same names as an uninterrupted one', () => {
    for (let round = 0; round < 300; round++) {
      const names = someNames();
      const files = filesOf(names, picture!, ['results.jsonl']);
      const done = names.filter(() => random() < 0.5);
      const rest = names.filter((name) => !done.includes(name));
      const taken = ['results.jsonl', ...done.map((name) => files[name] as string)];
      expect({ ...files, ...filesOf(rest, picture!, taken) }, names.join()).toEqual(files);
    }
  });
});
