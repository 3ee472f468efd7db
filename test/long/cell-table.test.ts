import { afterAll, describe, expect, test } from 'vitest';
import { others, saveCells, seenCells } from '../helpers/cell-table';
import { ensureOtherKernels, type OtherKernel } from '../helpers/other-kernels.cjs';
import { type CellCase, lastCell } from '../kernel/cell-table/cell-case';
import { writeNotebookFolder } from '../kernel/cell-table/folder';
import { cellTopics } from '../kernel/cell-table/topics';
import { inTrial, type Ran, temporaryFolder } from './other-kernels/trial';

// The columns of other kernels in docs/cells.md. `UPDATE_DOCS=1` writes them.
const isUpdate = process.env.UPDATE_DOCS === '1';
const kernels = (ensureOtherKernels() ?? []).filter(({ name }) => others.some((other) => other === name));
const seen = seenCells();

afterAll(() => {
  if (isUpdate) saveCells(seen);
});

describe.skipIf(kernels.length === 0).each(kernels)('$name $version', (kernel) => {
  if (isUpdate) seen.versions[kernel.name] = kernel.version;

  test('has the version of the table', () => expect(seen.versions[kernel.name]).toBe(kernel.version));

  describe.each(cellTopics)('$title', ({ title, cases }) => {
    test.each(cases)('$name', async (entry) => {
      const outcome = await tried(kernel, entry);
      process.stdout.write(`${kernel.name}, ${entry.name}: ${outcome}\n`);
      if (!isUpdate) expect(outcome).toBe(seen.topics[title]?.[entry.name]?.[kernel.name]);
      seen.topics[title] ??= {};
      seen.topics[title][entry.name] = { ...seen.topics[title][entry.name], [kernel.name]: outcome };
    });
  });
});

/** Runs the cells of a case in a kernel of their own. */
function tried(kernel: OtherKernel, entry: CellCase): Promise<string> {
  const folder = temporaryFolder();
  writeNotebookFolder(folder);
  return inTrial(
    kernel,
    async (trial) => {
      for (const cell of entry.cells.slice(0, -1)) {
        const before = await trial.run(cell);
        // A cell of the case that throws is no reason to stop: the last one looks at what it left.
        if (!before.ok && isRefusal(before)) return `an earlier cell is refused: ${firstLine(before)}`;
      }
      return outcomeOf(await trial.run(lastCell(entry)), entry);
    },
    { folder },
  );
}

function outcomeOf(ran: Ran, { expected }: CellCase): string {
  if (!ran.ended) return 'never ends';
  switch (expected.kind) {
    case 'value': {
      if (!ran.ok) return `${isRefusal(ran) ? 'refused' : 'fails'}: ${firstLine(ran)}`;
      const value = ran.value.trim().replaceAll(/^["']|["']$/g, '');
      return value === expected.value ? 'yes' : `gives ${short(value)}`;
    }
    case 'refused':
      if (ran.ok) return 'accepted';
      if (!isRefusal(ran)) return `only when it runs: ${firstLine(ran)}`;
      return expected.error.test(ran.text) ? 'refused' : `refused: ${firstLine(ran)}`;
    case 'thrown':
      if (ran.ok) return 'accepted';
      return expected.error.test(ran.text) ? 'thrown' : `thrown: ${firstLine(ran)}`;
  }
}

/** Whether the compiler refused a cell: errors of running code are named by their class. */
function isRefusal({ text }: Ran): boolean {
  return !/^(Uncaught )?(Type|Reference|Range|Aggregate)?Error/m.test(text) || /not found|not prefixed/.test(text);
}

function firstLine({ text }: Ran): string {
  const lines = text.split('\n').map((line) => line.trim());
  return short(lines.find((line) => line !== '' && !/^(Error: ?)?$/.test(line)) ?? 'no message');
}

/** Without places in the file system, which differ between runs. */
function short(text: string): string {
  const plain = text.replaceAll(/(file:\/\/)?\/[\w./-]*paddlelab-[\w-]+/g, '…').replaceAll('`', "'");
  return plain.length > 70 ? `${plain.slice(0, 69)}…` : plain;
}
