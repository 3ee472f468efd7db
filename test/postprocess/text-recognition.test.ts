import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { inReadingOrder } from '../../src/postprocess/reading-order';
import { readAs, tensor } from '../helpers/postprocess';
import { projectRoot } from '../helpers/project';

interface Golden {
  readonly decoded: readonly {
    readonly characters: readonly string[];
    readonly columns: number;
    /** Bytes of 1/256, base64. */
    readonly values: string;
    readonly paddlex: { readonly text: string; readonly score: number };
    readonly rapidocr: { readonly text: string; readonly score: number };
  }[];
  /** Texts as they were seen, and in reading order. */
  readonly displayed: readonly (readonly [seen: string, read: string])[];
}

const golden = JSON.parse(readFileSync(path.join(projectRoot, 'test/golden/text-recognition.json'), 'utf8')) as Golden;

function read(columns: number, classes: number, values: readonly number[], characters: readonly string[], more = {}) {
  const outputs = { textRecognition: { characters, visualOrder: false } };
  return readAs('text-recognition', [tensor('float32', [1, columns, classes], values)], { spec: { outputs }, ...more });
}

/** Columns in which one class is certain. */
function certain(best: readonly number[], classes: number): number[] {
  return best.flatMap((id) => Array.from({ length: classes }, (_, each) => (each === id ? 1 : 0)));
}

const abc = ['', 'a', 'b', 'c', ' '];

describe('lines of text', () => {
  test.each(golden.decoded.map((row, i) => ({ ...row, i })))('are those of PaddleX and RapidOCR: $i', async (row) => {
    const values = [...Buffer.from(row.values, 'base64')].map((value) => value / 256);
    const characters = ['', ...row.characters, ' '];
    const { text, score } = await read(row.columns, characters.length, values, characters);
    expect(text).toBe(row.paddlex.text);
    expect(text).toBe(row.rapidocr.text);
    expect(score).toBeCloseTo(row.rapidocr.score, 12);
    // PaddleX adds up in float32.
    expect(score).toBeCloseTo(row.paddlex.score, 6);
  });

  test('have the place of each character in the image, whatever it was padded with', async () => {
    const best = [0, 1, 1, 0, 0, 2, 3, 3, 0, 0];
    const image = { width: 300, height: 40 };
    // The network's 100 columns of pixels show the image in the first 75.
    const sizes = { image, size: [10, 100], content: [10, 75] } as const;
    const { text, characters } = await read(10, 5, certain(best, 5), abc, sizes);
    expect(text).toBe('abc');
    expect(characters).toEqual([
      { text: 'a', score: 1, start: 40, end: 120 },
      { text: 'b', score: 1, start: 200, end: 240 },
      { text: 'c', score: 1, start: 240, end: 300 },
    ]);
  });

  test('keep spaces, and are empty with a score of 0 if nothing is there', async () => {
    expect((await read(4, 5, certain([1, 4, 2, 0], 5), abc)).text).toBe('a b');
    expect(await read(2, 5, certain([0, 0], 5), abc)).toEqual({ threshold: 0, text: '', score: 0, characters: [] });
  });

  test('are left out below a threshold, and kept at it', async () => {
    const values = [0.1, 0.75, 0, 0, 0];
    expect((await read(1, 5, values, abc, { threshold: 0.75 })).text).toBe('a');
    expect(await read(1, 5, values, abc, { threshold: 0.76 })).toEqual({
      ...{ threshold: 0.76, text: '', score: 0.75, characters: [] },
    });
  });
});

describe('text that runs from right to left', () => {
  test.each(golden.displayed)('is put in order as by python-bidi: %s', (seen, expected) => {
    const characters = [...seen].map((text, i) => ({ text, score: 1, start: i, end: i + 1 }));
    const ordered = inReadingOrder(characters);
    expect(ordered.map(({ text }) => text).join('')).toBe(expected);
    // Each keeps its place.
    expect(ordered.map(({ start }) => start).sort((a, b) => a - b)).toEqual(characters.map(({ start }) => start));
  });

  test('is put in order for Arabic networks only', async () => {
    const characters = ['', 'م', 'ا', '1', ' '];
    const best = certain([1, 2, 3, 3, 0], 5);
    const outputs = { textRecognition: { characters, visualOrder: true } };
    const found = await readAs('text-recognition', [tensor('float32', [1, 5, 5], best)], { spec: { outputs } });
    expect(found.text).toBe('1ام');
    expect((await read(5, 5, best, characters)).text).toBe('ما1');
  });
});

describe('outputs that do not fit are named', () => {
  test.each([
    [
      'a dictionary of another network',
      abc.slice(0, 3),
      5,
      'received one of 2 characters, which with blank are 3; give the',
    ],
    [
      'without the space',
      ['', 'a', 'b', 'c'],
      5,
      'which with blank are 4; give use_space_char: true, or the dictionary',
    ],
    [
      'with a space too much',
      abc,
      4,
      'of 3 characters, which with blank and space are 5; give use_space_char: false, or',
    ],
  ])('%s', async (_, characters, classes, message) => {
    const failure = read(1, classes, certain([1], classes), characters);
    await expect(failure).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
    await expect(failure).rejects.toThrow(`Expected a dictionary for the ${classes} classes of the network`);
    await expect(failure).rejects.toThrow(message);
  });

  test('a detector that is loaded as a recogniser', async () => {
    const outputs = { textRecognition: { characters: abc, visualOrder: false } };
    const maps = [tensor('float32', [1, 1, 4, 5], Array(20).fill(0))];
    const failure = readAs('text-recognition', maps, { spec: { outputs } });
    await expect(failure).rejects.toMatchObject({ code: 'MODEL_UNSUPPORTED' });
    await expect(failure).rejects.toThrow(/a detector of text.*received outputs float32\[1,1,4,5\]/);
  });

  test('probabilities that are NaN', async () => {
    const failure = read(2, 5, [...certain([1], 5), 0, Number.NaN, 0, 0, 0], abc);
    await expect(failure).rejects.toMatchObject({ code: 'OUTPUT_INVALID' });
    await expect(failure).rejects.toThrow(/probabilities of 1 columns are NaN \(1 of the 10 values of output 0/);
  });
});
