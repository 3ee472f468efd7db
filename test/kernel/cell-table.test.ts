import { createRequire } from 'node:module';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type * as Session from '../../src/kernel/session';
import type * as Messages from '../../src/kernel/thread-messages';
import { distFile } from '../../src/package-root';
import { cellTables, saveCells, seenCells, tablesOfPage } from '../helpers/cell-table';
import { makeFolder } from '../helpers/folders';
import type { CellCase, Expected } from './cell-table/cell-case';
import { writeNotebookFolder } from './cell-table/folder';
import { cellTopics } from './cell-table/topics';

// Our column of the table in docs/cells.md. test/long/cell-table.test.ts has those of other kernels.

const require = createRequire(__filename);
const { TypeScriptSession }: typeof Session = require(distFile('kernel/session.js'));
const { SharedState }: typeof Messages = require(distFile('kernel/thread-messages.js'));
const node = Number(process.versions.node.split('.')[0]);

describe.each(cellTopics)('$title', ({ cases }) => {
  let session: Session.TypeScriptSession;
  let number = 0;

  beforeAll(() => {
    const folder = makeFolder();
    writeNotebookFolder(folder);
    session = new TypeScriptSession(folder, new SharedState(), 'typescript');
  });
  afterAll(() => session.close());

  async function outcome(source: string): Promise<Expected | { kind: 'value'; value: string } | string> {
    number += 1;
    const result = await session.execute(source, `cell[${number}].ts`);
    switch (result.kind) {
      case 'done':
        return { kind: 'value', value: result.hasValue ? text(result.value) : '' };
      case 'thrown':
        return `thrown: ${result.error instanceof Error ? result.error.message : String(result.error)}`;
      case 'diagnostics':
        return `refused: ${result.diagnostics.map(({ code, messageText }) => `TS${code} ${messageText}`).join('\n')}`;
    }
  }

  test.each(cases)('$name', async ({ cells, expected, node: since = 0 }: CellCase) => {
    for (const cell of cells.slice(0, -1)) await outcome(cell);
    const seen = await outcome(cells.at(-1) as string);
    if (node < since) expect(seen).toMatch(/^refused: /);
    else if (expected.kind === 'value') expect(seen).toEqual(expected);
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

function text(value: unknown): string {
  return typeof value === 'string' ? value : inspect(value);
}
