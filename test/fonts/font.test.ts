import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { PaddleLabError } from '../../src';
import { formatRanges, includes, parseRanges, toRanges } from '../../src/fonts/code-points';
import { type Font, readFonts } from '../../src/fonts/font';
import { fontsOf, makeSfnt } from '../../src/fonts/sfnt';
import { makeFolder } from '../helpers/folders';
import { testFont } from './test-fonts';

interface Shaped {
  readonly script: 'arabic' | 'devanagari';
  readonly text: string;
  readonly direction: 'ltr' | 'rtl';
  readonly unitsPerEm: number;
  /** Number in the font, index in the text, advance, and distances to the right and upwards. */
  readonly glyphs: readonly (readonly [number, number, number, number, number])[];
}

const golden = JSON.parse(readFileSync(path.join(__dirname, 'shaping.json'), 'utf8')) as readonly Shaped[];
let folder: string;
beforeAll(() => {
  folder = makeFolder();
});

const open = (file: string): Font => readFonts(file)[0] as Font;

/** The uncompressed form of a font. */
function toTtf(file: string): Buffer {
  const bytes = readFileSync(file);
  const read = (offset: number, length: number): Buffer => bytes.subarray(offset, offset + length);
  return makeSfnt(read, fontsOf(read)[0] as ReturnType<typeof fontsOf>[number]);
}

/** A collection of fonts: their tables are found by their place in the whole file. */
function makeCollection(members: readonly Buffer[]): Buffer {
  const header = Buffer.alloc(12 + 4 * members.length);
  header.write('ttcf');
  header.writeUInt32BE(0x10000, 4);
  header.writeUInt32BE(members.length, 8);
  let start = header.length;
  const moved = members.map((member, i) => {
    header.writeUInt32BE(start, 12 + 4 * i);
    const copy = Buffer.from(member);
    for (let k = 0; k < copy.readUInt16BE(4); k++) {
      const offset = 12 + 16 * k + 8;
      copy.writeUInt32BE(copy.readUInt32BE(offset) + start, offset);
    }
    start += copy.length;
    return copy;
  });
  return Buffer.concat([header, ...moved]);
}

function write(name: string, content: Buffer | string): string {
  const file = path.join(folder, name);
  writeFileSync(file, content);
  return file;
}

function failureOf(work: () => unknown): PaddleLabError {
  try {
    work();
  } catch (error) {
    expect(error).toBeInstanceOf(PaddleLabError);
    return error as PaddleLabError;
  }
  throw new Error('Expected an error');
}

describe('shaping', () => {
  test.each(golden)(
    '$text is shaped as HarfBuzz itself shapes it',
    ({ script, text, direction, unitsPerEm, glyphs }) => {
      const shaped = open(testFont(script)).shape(text, 0, text.length, direction === 'rtl');
      const numbers = shaped.map(({ id, cluster, advance, dx, dy }) =>
        [id, cluster, advance * unitsPerEm, dx * unitsPerEm, -dy * unitsPerEm].map((value) => Math.round(value) + 0),
      );
      expect(numbers).toEqual(glyphs);
    },
  );

  test('letters beside a part of a text have an influence on its forms', () => {
    const font = open(testFont('arabic'));
    const [inside, alone] = [font.shape('ببب', 1, 2, true), font.shape('ب', 0, 1, true)];
    expect(inside.map(({ id }) => id)).not.toEqual(alone.map(({ id }) => id));
    expect(inside.every(({ cluster }) => cluster === 1)).toBe(true);
  });

  test('a letter that the font lacks is told apart', () => {
    const shaped = open(testFont('arabic')).shape('بक', 0, 2, true);
    expect(shaped.filter(({ missing }) => missing)).toHaveLength(1);
  });
});

describe('files of fonts', () => {
  test('WOFF, TrueType and a collection of both have the same letters and outlines', () => {
    const [arabic, devanagari] = [toTtf(testFont('arabic')), toTtf(testFont('devanagari'))];
    const woff = open(testFont('arabic'));
    const collection = readFonts(write('both.ttc', makeCollection([devanagari, arabic])));
    expect(collection.map((font) => font.has('क'.codePointAt(0) as number))).toEqual([true, false]);
    for (const font of [open(write('a.ttf', arabic)), collection[1] as Font]) {
      expect(font.covers).toEqual(woff.covers);
      expect(font.shape('سلام', 0, 4, true)).toEqual(woff.shape('سلام', 0, 4, true));
    }
  });

  test.each<[string, () => Buffer | string, RegExp]>([
    ['text', () => 'This is no font, but a text.', /no TrueType, OpenType or WOFF font/],
    ['nothing', () => '', /no TrueType, OpenType or WOFF font/],
    ['a cut off font', () => readFileSync(testFont('arabic')).subarray(0, 300), /cut off/],
    [
      'WOFF 2',
      () => readFileSync(testFont('arabic').replace(/woff$/, 'woff2')),
      /WOFF 2; save it as .woff, .ttf or .otf/,
    ],
    ['an endless collection', () => Buffer.concat([Buffer.from('ttcf'), Buffer.alloc(8, 255)]), /4294967295 fonts/],
  ])('%s is refused', (name, content, message) => {
    const { code, message: text } = failureOf(() => readFonts(write(`${name}.ttf`, content())));
    expect(code).toBe('FONT_UNREADABLE');
    expect(text).toMatch(message);
  });

  test('a file that is not there is named', () => {
    expect(failureOf(() => readFonts(path.join(folder, 'none.ttf')))).toMatchObject({ code: 'FILE_NOT_FOUND' });
  });

  test('damaged fonts are refused or drawn, but never end the process', () => {
    const whole = toTtf(testFont('arabic'));
    let seed = 7;
    const random = (below: number): number => {
      seed = (seed * 1103515245 + 12345) % 2 ** 31;
      return Math.floor((seed / 2 ** 31) * below);
    };
    for (let round = 0; round < 150; round++) {
      const damaged = Buffer.from(whole.subarray(0, round % 5 === 0 ? random(whole.length) : whole.length));
      // Half of the damage is in the lists of tables and letters, which everything depends on.
      for (let i = 0; i < 20; i++) damaged[random(i % 2 === 0 ? 600 : damaged.length)] = random(256);
      try {
        open(write('damaged.ttf', damaged)).shape('مُحَمَّد سلام', 0, 13, true);
      } catch (error) {
        expect(error).toMatchObject({ code: 'FONT_UNREADABLE' });
      }
    }
  });
});

test('code points are kept as ranges', () => {
  const ranges = toRanges([0x20, 0x21, 0x22, 0xa0, 0x1f600]);
  expect(formatRanges(ranges)).toBe('20-22,a0,1f600');
  expect(parseRanges(formatRanges(ranges))).toEqual(ranges);
  for (const inside of [0x20, 0x22, 0xa0, 0x1f600]) expect(includes(ranges, inside)).toBe(true);
  for (const outside of [0, 0x1f, 0x23, 0xa1, 0x1f601]) expect(includes(ranges, outside)).toBe(false);
  expect(includes(toRanges([]), 5)).toBe(false);
});
