import { expect, test } from 'vitest';
import { type PlacedText, readingOrder } from '../../src/ocr/reading-order';

/** A line of text with its upper left corner at a place; `turn` rotates the page around its origin, in degrees. */
function line(text: string, left: number, top: number, width: number, height = 20, turn = 0): PlacedText {
  const angle = (turn * Math.PI) / 180;
  const corners = [
    [left, top],
    [left + width, top],
    [left + width, top + height],
    [left, top + height],
  ] as const;
  const polygon = corners.map(([x, y]): [number, number] => [
    x * Math.cos(angle) - y * Math.sin(angle),
    x * Math.sin(angle) + y * Math.cos(angle),
  ]);
  return { text, polygon };
}

/** Rows as lines, paragraphs with an empty line between. */
function read(lines: readonly PlacedText[]): string {
  const shuffled = [...lines].sort((a, b) => a.text.length - b.text.length || (a.text < b.text ? 1 : -1));
  return readingOrder(shuffled)
    .map((rows) => rows.map((row) => row.map((index) => shuffled[index]?.text).join(' ')).join('\n'))
    .join('\n\n');
}

test('lines go from top to bottom, with an empty line between paragraphs', () => {
  const lines = [
    line('one', 10, 10, 300),
    line('two', 10, 34, 280),
    line('three', 10, 100, 310),
    line('four', 10, 124, 90),
  ];
  expect(read(lines)).toBe('one\ntwo\n\nthree\nfour');
});

test('words beside each other are one line, although their heights differ a little', () => {
  const lines = [
    line('Total', 10, 12, 60),
    line('12.50', 400, 8, 50),
    line('Tip', 10, 40, 40),
    line('1.00', 400, 43, 40),
  ];
  expect(read(lines)).toBe('Total 12.50\nTip 1.00');
});

test('columns are read one after the other, a heading over both before them', () => {
  const column = (name: string, left: number, shift: number): PlacedText[] =>
    [1, 2, 3, 4].map((n) => line(`${name}${n}`, left, 60 + shift + 26 * n, 300));
  const page = [
    line('heading', 10, 10, 640),
    ...column('left', 10, 0),
    ...column('right', 350, 9),
    line('end', 10, 260, 600),
  ];
  expect(read(page)).toBe('heading\n\nleft1\nleft2\nleft3\nleft4\n\nright1\nright2\nright3\nright4\n\nend');
});

test('three columns of different lengths', () => {
  const column = (name: string, left: number, count: number): PlacedText[] =>
    Array.from({ length: count }, (_, n) => line(`${name}${n}`, left, 26 * n, 200));
  const page = [...column('a', 0, 3), ...column('b', 240, 5), ...column('c', 480, 2)];
  expect(read(page).replace(/\s+/g, ' ')).toBe('a0 a1 a2 b0 b1 b2 b3 b4 c0 c1');
});

test('cells of a table stay in their rows', () => {
  const cells = ['name', 'size', 'box', '12', 'tin', '7'];
  const table = cells.map((cell, i) => line(cell, (i % 2) * 200, 30 * Math.floor(i / 2), 60));
  expect(read(table)).toBe('name size\nbox 12\ntin 7');
});

test('a page at an angle is read as if it were straight', () => {
  for (const turn of [-12, 8, 30]) {
    const lines = [
      line('one', 10, 10, 300, 20, turn),
      line('two', 320, 12, 200, 20, turn),
      line('three', 10, 40, 280, 20, turn),
    ];
    expect(read(lines), String(turn)).toBe('one two\nthree');
  }
});

test('vertical lines are read from right to left', () => {
  const lines = [
    line('第二行文字', 200, 10, 24, 200),
    line('第一行文字', 240, 10, 24, 210),
    line('第三行', 160, 10, 24, 120),
  ];
  expect(read(lines)).toBe('第一行文字\n第二行文字\n第三行');
});

test('rows of Hebrew and Arabic are read from right to left', () => {
  expect(read([line('שלום', 200, 10, 60), line('עולם', 100, 12, 60)])).toBe('שלום עולם');
  expect(read([line('مرحبا', 300, 10, 60), line('بالعالم', 100, 12, 90)])).toBe('مرحبا بالعالم');
});

test('no lines, one line, and lines on top of each other', () => {
  expect(readingOrder([])).toEqual([]);
  expect(read([line('only', 5, 5, 50)])).toBe('only');
  const same = [line('a', 0, 0, 100), line('b', 0, 0, 100), line('c', 2, 1, 100)];
  expect(read(same).replace(/\s+/g, '').length).toBe(3);
});
