import { expect, test } from 'vitest';
import { csvLine } from '../../src/text/csv';
import { readCsv } from '../../src/text/read-csv';

test.each([
  ['', []],
  [
    'a,b\n1,2\n',
    [
      ['a', 'b'],
      ['1', '2'],
    ],
  ],
  [
    'a,b\r\n1,2',
    [
      ['a', 'b'],
      ['1', '2'],
    ],
  ],
  ['a,,\n', [['a', '', '']]],
  ['a,', [['a', '']]],
  ['\uFEFF"a ""b"", c","d\ne"\n', [['a "b", c', 'd\ne']]],
  ['a\n\nb\n', [['a'], [''], ['b']]],
])('%j', (text, rows) => {
  expect(readCsv(text)).toEqual(rows);
});

test('what is written is read back', () => {
  const cells = ['plain', 'a "quote"', 'comma, and', 'two\r\nlines', '', ' space '];
  expect(readCsv(`${csvLine(cells)}\n${csvLine(cells)}\n`)).toEqual([cells, cells]);
});

test('a quote within a cell is refused', () => {
  expect(() => readCsv('a"b,c\n')).toThrow(SyntaxError);
});
