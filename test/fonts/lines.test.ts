import { copyFileSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { fonts, PaddleLabError } from '../../src';
import { codePointBox } from '../../src/drawing/code-point-box';
import { builtInGlyph } from '../../src/drawing/glyphs';
import { lineOf } from '../../src/drawing/line';
import { fitText, layOutText, textWidth } from '../../src/drawing/text';
import { makeFolder } from '../helpers/folders';
import { makeFontCache, testFont } from './test-fonts';

const before = { fonts: process.env.PADDLELAB_FONTS, cache: process.env.PADDLELAB_FONT_CACHE };
let cache: string;

beforeAll(() => {
  cache = makeFolder();
  // Fonts that the user of this machine has fetched are not used.
  process.env.PADDLELAB_FONT_CACHE = cache;
});

beforeEach(() => {
  process.env.PADDLELAB_FONTS = '';
});

afterAll(() => {
  for (const [name, value] of [
    ['PADDLELAB_FONTS', before.fonts],
    ['PADDLELAB_FONT_CACHE', before.cache],
  ] as const) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
});

/** What is drawn from left to right: letters of the package's fonts, code points of boxes, `·` for shaped glyphs. */
function seen(text: string): string {
  const candidates = [...new Set([...text, ...'()[]<>'])];
  const { glyphs } = lineOf(text);
  const names = glyphs.map(({ glyph }) => {
    const letter = candidates.find((one) => builtInGlyph(one) === glyph || codePointBox(one) === glyph);
    return letter ?? '·';
  });
  return names.join('');
}

const reversed = (text: string): string => [...text].reverse().join('');

describe('order', () => {
  // Without a font, each letter is a box, so that the order can be seen.
  test.each<[string, string]>([
    ['abc 12', 'abc 12'],
    ['שלום', reversed('שלום')],
    ['שלום abc', `abc ${reversed('שלום')}`],
    ['abc שלום def', `abc ${reversed('שלום')} def`],
    ['שלום 0.98', `0.98 ${reversed('שלום')}`],
    ['שלום (abc)', `(abc) ${reversed('שלום')}`],
    ['א(ב)ג', reversed('א)ב(ג')],
    ['a שלום 12 עולם b', `a ${reversed('עולם')} 12 ${reversed('שלום')} b`],
  ])('%s', (text, expected) => {
    expect(seen(text)).toBe(expected);
  });
});

describe('letters that no font has', () => {
  test('are boxes with their code points, four digits or more', () => {
    const [four, six] = [codePointBox('ก'), codePointBox('\u{10fffd}')];
    // The frame's outside and inside, and each digit with its holes: U+0E01 has two zeros.
    expect(four.contours).toHaveLength(2 + 4 + 2);
    expect(six.advance).toBeGreaterThan(four.advance);
    expect(codePointBox('ก')).toBe(four);
    expect(four).not.toEqual(codePointBox('ข'));
  });

  test('are named', () => {
    expect(lineOf('cat แมว 猫').missing).toEqual(['แ', 'ม', 'ว']);
    expect(layOutText('cat', 0, 10, 10).missing).toEqual([]);
    expect(lineOf('👍🏽').missing).toEqual(['👍', '🏽']);
  });
});

describe('fonts', () => {
  test('named in PADDLELAB_FONTS as file or folder are used at once, and no longer when it is unset', () => {
    const text = 'سلام';
    for (const place of [testFont('arabic'), path.dirname(testFont('arabic'))]) {
      expect(lineOf(text).missing).toHaveLength(4);
      process.env.PADDLELAB_FONTS = `${makeFolder()}:${place}`;
      expect(lineOf(text).missing).toEqual([]);
      process.env.PADDLELAB_FONTS = '';
    }
  });

  test('fetched by another process are used at once, and no longer when they are removed', async () => {
    expect(lineOf('नमस्ते').missing).not.toEqual([]);
    renameSync(path.join(await makeFontCache('devanagari'), 'devanagari'), path.join(cache, 'devanagari'));
    expect(lineOf('नमस्ते').missing).toEqual([]);
    expect(fonts.list().filter(({ pulled }) => pulled !== undefined)).toMatchObject([{ name: 'devanagari' }]);
    expect((await fonts.remove('devanagari')).path).toBe(path.join(cache, 'devanagari'));
    await expect(fonts.remove('devanagari')).rejects.toThrow(/in the cache but it was not fetched/);
    expect(lineOf('नमस्ते').missing).not.toEqual([]);
  });

  test('registered are used, and checked', () => {
    expect(() => fonts.register(path.join(__dirname, 'shaping.json'))).toThrow(PaddleLabError);
    expect(() => fonts.register('')).toThrow(/Expected/);
    fonts.register(testFont('arabic'));
    // The package's own fonts win, for what they have; the five letters have six glyphs, one of them a dot.
    expect(seen('مرحبا 12 (ab)')).toBe('(ab) 12 ······');
    expect(lineOf('مُحَمَّد').missing).toEqual([]);
  });

  test('a name that is none is refused with the nearest one', async () => {
    await expect(fonts.pull('arabik' as 'arabic')).rejects.toThrow(/did you mean arabic/);
    await expect(fonts.pull('thai', { ofline: true } as object)).rejects.toMatchObject({ code: 'UNKNOWN_OPTION' });
  });
});

describe('width', () => {
  test('shaped text is shortened between letters as a reader counts them', () => {
    fonts.register(testFont('arabic'));
    const text = 'السلام عليكم ورحمة الله';
    const short = fitText(text, 20, 120);
    expect(short).toMatch(/^السلام.*…$/);
    expect(textWidth(short, 20)).toBeLessThanOrEqual(120);
    expect(fitText(text, 20, 500)).toBe(text);
    expect(fitText(text, 20, 3)).toBe('');
  });

  test('is that of the shaped letters, not the sum of single ones', () => {
    fonts.register(testFont('arabic'));
    const alone = [...'ببب'].reduce((sum, letter) => sum + textWidth(letter, 20), 0);
    expect(textWidth('ببب', 20)).toBeLessThan(alone);
  });

  test('a text of many letters and directions is laid out', () => {
    fonts.register(testFont('arabic'));
    expect(lineOf('ab سلام '.repeat(5000)).glyphs.length).toBeGreaterThan(30_000);
  });
});

describe('places that can not be used', () => {
  test('are named once in a warning, and others are used', () => {
    const warnings: string[] = [];
    const emit = process.emitWarning;
    process.emitWarning = (text: string | Error) => void warnings.push(String(text));
    try {
      const folder = makeFolder();
      writeFileSync(path.join(folder, 'broken.ttf'), 'no font');
      writeFileSync(path.join(folder, 'notes.txt'), 'no font either');
      process.env.PADDLELAB_FONTS = `${folder}:${path.join(folder, 'missing')}:${testFont('devanagari')}`;
      expect(lineOf('नमस्ते').missing).toEqual([]);
      process.env.PADDLELAB_FONTS += ':';
      expect(lineOf('नमस्ते').missing).toEqual([]);
    } finally {
      process.emitWarning = emit;
    }
    expect(warnings).toEqual([
      expect.stringMatching(
        /^PADDLELAB_FONTS: Expected a font in .*broken.ttf but it is no TrueType, OpenType or WOFF/,
      ),
      expect.stringMatching(/^PADDLELAB_FONTS: Can't read .*missing: it does not exist/),
    ]);
  });

  test('the fonts of the machine are used when asked for', () => {
    const before = process.env.XDG_DATA_HOME;
    const data = makeFolder();
    mkdirSync(path.join(data, 'fonts', 'deep'), { recursive: true });
    copyFileSync(testFont('devanagari'), path.join(data, 'fonts', 'deep', 'own.woff'));
    process.env.XDG_DATA_HOME = data;
    try {
      process.env.PADDLELAB_FONTS = makeFolder();
      expect(lineOf('नमस्ते').missing).not.toEqual([]);
      process.env.PADDLELAB_FONTS = 'system';
      expect(lineOf('नमस्ते').missing).toEqual([]);
    } finally {
      if (before === undefined) delete process.env.XDG_DATA_HOME;
      else process.env.XDG_DATA_HOME = before;
    }
  });
});
