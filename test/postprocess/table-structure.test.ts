import { expect, test } from 'vitest';
import type { Tensor } from '../../src';
import { fillCells, rowsOf, tableHtml } from '../../src/ocr/fill-table';
import { gridOf } from '../../src/postprocess/table-grid';
import { readTableStructure } from '../../src/postprocess/table-structure';
import type { PostprocessContext } from '../../src/spec/spec';

const tokens = ['sos', '<tr>', '</tr>', '<td', '>', '</td>', ' colspan="2"', ' rowspan="2"', '<td></td>', 'eos'];

function context(image = { width: 200, height: 100 }): PostprocessContext {
  const outputs = { tableStructure: { tokens, fractionsOfImage: false } };
  const spec = { outputs, files: { directory: 'here' } };
  return { spec, image, network: { size: [50, 50] }, threshold: undefined } as unknown as PostprocessContext;
}

/** What a network says for these tokens: each has a probability of 0.5, and cells fill a quarter of its input. */
function outputsFor(names: readonly string[]): Tensor[] {
  const places = new Float32Array(names.length * 8);
  const probabilities = new Float32Array(names.length * tokens.length);
  for (const [i, name] of names.entries()) {
    places.set([0, 0, 0.5, 0, 0.5, 0.25, 0, 0.25], i * 8);
    probabilities[i * tokens.length + tokens.indexOf(name)] = 0.5;
  }
  const tensor = (data: Float32Array, width: number): Tensor => {
    return { name: 'y', dtype: 'float32', shape: [1, names.length, width], data, lod: [] };
  };
  return [tensor(places, 8), tensor(probabilities, tokens.length)];
}

test('tokens up to the end, with the corners of cells in pixels of the image', async () => {
  const read = await readTableStructure(outputsFor(['<tr>', '<td></td>', '</tr>', 'eos', '<tr>']), context());
  expect(read.tokens).toEqual(['<tr>', '<td></td>', '</tr>']);
  expect(read.score).toBe(0.5);
  // The longer side fills the input, whose lower half is padding.
  const polygon = [
    [0, 0],
    [100, 0],
    [100, 50],
    [0, 50],
  ];
  expect(read.cells).toEqual([{ row: 0, column: 0, rowSpan: 1, columnSpan: 1, header: false, polygon }]);
});

test('nothing is an empty table', async () => {
  expect(await readTableStructure(outputsFor(['sos', 'eos']), context())).toMatchObject({
    tokens: [],
    cells: [],
    score: 0,
  });
});

test.each([
  [
    'NaN',
    (outputs: Tensor[]) => (outputs[1]?.data as Float32Array | undefined)?.fill(Number.NaN),
    'OUTPUT_INVALID',
    /probabilities of step 0 are NaN/,
  ],
  ['one output', (outputs: Tensor[]) => outputs.pop(), 'MODEL_UNSUPPORTED', /corners of cells \[1, steps, 8\]/],
])('%s is refused', async (_, damage, code, message) => {
  const outputs = outputsFor(['<tr>', '<td></td>']);
  damage(outputs);
  const wrong = readTableStructure(outputs, context());
  await expect(wrong).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
});

test('a dictionary of another network is named with both numbers', async () => {
  const other = context();
  (other.spec.outputs.tableStructure as unknown as { tokens: string[] }).tokens = tokens.slice(0, -1);
  await expect(readTableStructure(outputsFor(['<tr>']), other)).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    message: expect.stringContaining('Expected tokens for the 10 classes of the network but received 7, which with'),
  });
});

test('spans take their places, as in a browser, and end with the table', () => {
  const html =
    '<thead> <tr> <td|rowspan2|> </td> <td|colspan2|> </td> </tr> </thead> <tr> <td></td> <td|rowspan9|> </td> </tr>';
  const list = html
    .split(' ')
    .flatMap((part) => part.split('|').map((t) => t.replace(/^(col|row)span(\d)$/, ' $1span="$2"')));
  expect(
    gridOf(list).map(({ row, column, rowSpan, columnSpan, header }) => [row, column, rowSpan, columnSpan, header]),
  ).toEqual([
    [0, 0, 2, 1, true],
    [0, 1, 1, 2, true],
    [1, 1, 1, 1, false],
    [1, 2, 1, 1, false],
  ]);
});

const square = (x: number, y: number, side = 10): [number, number][] => [
  [x, y],
  [x + side, y],
  [x + side, y + side],
  [x, y + side],
];
const cells = [0, 1].map((column) => ({
  ...{ row: 0, column, rowSpan: 1, columnSpan: 1, header: false },
  polygon: square(20 * column, 0, 18),
}));

test('a line goes into the cell that it shares most of, else into the nearest; outside of the table it is left out', () => {
  const lines = [
    { text: 'b & c', polygon: square(16, 2) },
    { text: ' a', polygon: square(1, 1) },
    { text: 'd', polygon: square(3, 12) },
    { text: 'a title', polygon: square(0, -12) },
  ];
  const filled = fillCells(cells, lines);
  expect(rowsOf(filled)).toEqual([['a d', 'b & c']]);
  expect(tableHtml(filled)).toBe('<table><tbody><tr><td>a d</td><td>b &#38; c</td></tr></tbody></table>');
});

test('a table without cells has no rows', () => {
  expect([rowsOf([]), tableHtml([]), fillCells([], [{ text: 'a', polygon: square(0, 0) }])]).toEqual([
    [],
    '<table></table>',
    [],
  ]);
});
