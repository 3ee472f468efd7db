import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from './project';

/** The other kernels, in the order of their columns. */
export const OTHERS = ['tslab', 'Deno', 'ijavascript'] as const;
/** The entry for cells that were not tried. */
const UNTRIED = '–';
/** The row's title, this kernel, the other kernels, the test. */
const CELLS = 3 + OTHERS.length;

/** The observations of test/long/other-kernels.test.ts. */
export interface Observations {
  versions: Record<string, string>;
  /** By row title and kernel name; several values if the outcome varies between runs. */
  rows: Record<string, Record<string, string[]>>;
}

export interface ComparisonRow {
  title: string;
  others: string[];
  test: string;
}

const readme = path.join(projectRoot, 'src/kernel/README.md');
const snapshot = path.join(projectRoot, 'test/kernel/other-kernels.json');

export function observationsOfOthers(): Observations {
  return existsSync(snapshot) ? JSON.parse(readFileSync(snapshot, 'utf8')) : { versions: {}, rows: {} };
}

export function saveObservations(observations: Observations): void {
  writeFileSync(snapshot, `${JSON.stringify(observations, null, 2)}\n`);
}

/** The rows of the comparison with other kernels. */
export function comparisonRows(): ComparisonRow[] {
  return readFileSync(readme, 'utf8').split('\n').filter(isRow).map(parse);
}

/** The expected cells of the other kernels in a row. */
export function expectedCells(title: string, { rows }: Observations): string[] {
  return OTHERS.map((name) => rows[title]?.[name]?.join(', or: ') ?? UNTRIED);
}

/** Writes the observations into the table, and the versions above it. */
export function writeComparison(observations: Observations): void {
  const lines = readFileSync(readme, 'utf8').split('\n');
  const written = lines.map((line) => {
    if (!isRow(line)) return line;
    const cells = line.split('|');
    const { title } = parse(line);
    cells.splice(3, OTHERS.length, ...expectedCells(title, observations).map((cell) => ` ${cell} `));
    return cells.join('|');
  });
  writeFileSync(readme, written.join('\n').replace(/^tslab \S+, Deno .*$/m, versionLine(observations)));
}

/** The first line of the text above the table. */
export function versionLine({ versions }: Observations): string {
  return `${OTHERS.map((name) => `${name} ${versions[name]}`).join(', ')}.`;
}

function isRow(line: string): boolean {
  return line.startsWith('| ') && line.includes('.test.ts`: ');
}

function parse(line: string): ComparisonRow {
  const cells = line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
  if (cells.length !== CELLS) throw new Error(`Expected ${CELLS} cells in the row but found ${cells.length}: ${line}`);
  return { title: cells[0] ?? '', others: cells.slice(2, -1), test: cells.at(-1) ?? '' };
}
