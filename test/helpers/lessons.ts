import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { runNotebook } from '../../src/dev/run-notebook';
import { emptyFolder } from './jupyter';
import { projectRoot } from './project';

export const lessonsFolder: string = path.join(projectRoot, 'notebooks');
/** Lessons that take minutes; run by the long tests. */
export const slowLessons: readonly string[] = ['06-backends.ipynb', '14-beyond-one-machine.ipynb'];

interface Cell {
  readonly cell_type: string;
  readonly outputs?: readonly { readonly output_type: string; readonly data?: Readonly<Record<string, unknown>> }[];
}

function cellsOf(file: string): readonly Cell[] {
  return (JSON.parse(readFileSync(file, 'utf8')) as { cells: readonly Cell[] }).cells;
}

/** Runs a lesson from the top; its outputs must be of the same kinds as those saved. */
export async function checkLesson(name: string): Promise<void> {
  const saved = cellsOf(path.join(lessonsFolder, name));
  const source = path.join(lessonsFolder, name);
  const { notebook } = await runNotebook(source, { outDir: emptyFolder(), onProgress: () => {} });
  const kinds = (cells: readonly Cell[]): string[][] =>
    cells.map(({ outputs }) => (outputs ?? []).flatMap((output) => Object.keys(output.data ?? {}).sort()));
  expect(kinds(cellsOf(notebook))).toEqual(kinds(saved));
  expect(saved.some(({ cell_type }) => cell_type === 'markdown')).toBe(true);
}
