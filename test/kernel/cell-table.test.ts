import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cellTables, saveCells, seenCells, tablesOfPage } from '../helpers/cell-table';
import { Cells } from '../helpers/cells';
import { makeFolder } from '../helpers/folders';
import { type CellCase, lastCell } from './cell-table/cell-case';
import { writeNotebookFolder } from './cell-table/folder';
import { cellTopics } from './cell-table/topics';

// Our column of the table in docs/cells.md. test/long/cell-table.test.ts has those of other kernels.

const node = Number(process.versions.node.split('.')[0]);

describe.each(cellTopics)('$title', ({ cases }) => {
  let notebook: Cells;

  beforeAll(() => {
    const folder = makeFolder();
    writeNotebookFolder(folder);
    notebook = new Cells(folder);
  });
  afterAll(() => notebook.close());

  test.each(cases)('$name', async (entry: CellCase) => {
    const { cells, expected, node: since = 0 } = entry;
    for (const cell of cells.slice(0, -1)) {
      const before = await notebook.text(cell);
      if (node >= since) expect(before).not.toMatch(/^refused: /);
    }
    const seen = await notebook.text(lastCell(entry));
    if (node < since) expect(seen).toMatch(/^refused: /);
    else if (expected.kind === 'value') expect(seen).toBe(expected.value);
    else {
      expect(seen).toMatch(new RegExp(`^${expected.kind}: `));
      expect(seen).toMatch(expected.error);
    }
  });
});

test('docs/cells.md shows at least 120 cells, and what was seen of other kernels', () => {
  if (process.env.UPDATE_DOCS === '1') saveCells(seenCells());
  expect(cellTopics.reduce((sum, { cases }) => sum + cases.length, 0)).toBeGreaterThanOrEqual(120);
  expect(tablesOfPage()).toBe(cellTables(seenCells()));
});
