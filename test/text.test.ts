import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { showControls, showControlsInLines } from '../src/text/controls';
import { alignRows, markdownRow } from '../src/text/table';
import { displayWidth, pad } from '../src/text/width';
import { projectRoot } from './helpers/project';

describe('controls are shown escaped', () => {
  test.each([
    ['ESC and OSC', '\u001b]0;title\u0007', '\\u001b]0;title\\u0007'],
    ['CR and line breaks', 'a\r\nb\tc', 'a\\r\\nb\\tc'],
    ['C1', '\u009b2J\u0085', '\\u009b2J\\u0085'],
    ['DEL and NUL', '\u007f\u0000', '\\u007f\\u0000'],
    ['bidi overrides and marks', '\u202eabc\u2066\u200f\u061c', '\\u202eabc\\u2066\\u200f\\u061c'],
    ['separators', 'a\u2028b\u2029', 'a\\u2028b\\u2029'],
    ['other text', '圆 é naïve 👩‍🚀 שלום', '圆 é naïve 👩‍🚀 שלום'],
  ])('%s', (_, text, shown) => {
    expect(showControls(text)).toBe(shown);
  });

  test('in multi-line text, line breaks and tabs are kept', () => {
    expect(showControlsInLines('a\n\tb\r\u001b')).toBe('a\n\tb\\r\\u001b');
  });

  test('JSON stays the same data', () => {
    const data = { label: '\u001b\u009b\u202e\u2028\n圆' };
    expect(JSON.parse(showControlsInLines(JSON.stringify(data, undefined, 2)))).toEqual(data);
  });
});

describe('display width', () => {
  test.each([
    ['abc', 3],
    ['圆形', 4],
    ['ＡＢ', 4],
    ['ｱ', 1],
    ['e\u0301', 1],
    ['กำ', 2],
    ['한글', 4],
    ['한글'.normalize('NFD'), 4],
    ['👍', 2],
    ['👍🏽', 2],
    ['👩‍🚀', 2],
    ['🇨🇳', 2],
    ['🫠', 2],
    ['❤️', 2],
    ['❤', 1],
    ['1️⃣', 2],
    ['\u200b\u200d', 0],
    ['…×→', 3],
  ])('%s takes %i', (text, width) => {
    expect(displayWidth(text)).toBe(width);
  });

  test('pads on either side', () => {
    expect([pad('圆', 4), pad('圆', 4, 'right'), pad('圆形', 3)]).toEqual(['圆  ', '  圆', '圆形']);
  });
});

describe('a table', () => {
  test('is aligned by display width, and a cell never breaks a line', () => {
    expect(
      alignRows(
        [
          ['class', 'n'],
          ['圆形', '1'],
          ['e\u0301\n👍', '10'],
        ],
        ['left', 'right'],
      ),
    ).toEqual(['class   n', '圆形    1', 'e\u0301\\n👍  10']);
  });

  test('is made by one function: no other code pads external text', () => {
    const source = path.join(projectRoot, 'src');
    const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
    const padding = files.filter((file) => {
      return /\.pad(Start|End)\(|console\.table/.test(readFileSync(path.join(source, file), 'utf8'));
    });
    // Exceptions: fixed ASCII titles, numbers, code points, and a record of fixed length.
    expect(padding.sort()).toEqual([
      'cli/commands/doctor.ts',
      'cli/commands/inspect.ts',
      'cli/progress.ts',
      'display/palette.ts',
      'drawing/code-point-box.ts',
      'fonts/code-points.ts',
      'infer/plan-pages.ts',
      'kernel/crash-reporter.ts',
      'text/controls.ts',
    ]);
  });

  test('in Markdown', () => {
    expect(markdownRow(['a|b', 'c\nd', '\u001b'])).toBe('| a\\|b | c\\nd | \\u001b |');
  });
});
