import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type CellCase, type CellTopic, lastCell } from '../kernel/cell-table/cell-case';
import { cellTopics } from '../kernel/cell-table/topics';
import { projectRoot } from './project';

/** The kernels beside ours, in the order of their columns. */
export const others = ['tslab', 'Deno'] as const;

/** What test/long/cell-table.test.ts saw of other kernels. */
export interface SeenCells {
  versions: Record<string, string>;
  /** By topic, name of the case and kernel. */
  topics: Record<string, Record<string, Record<string, string>>>;
}

const page = path.join(projectRoot, 'docs/cells.md');
const snapshot = path.join(projectRoot, 'test/kernel/cell-table/others.json');
const start = '<!-- table of cells -->';

export function seenCells(): SeenCells {
  return existsSync(snapshot) ? JSON.parse(readFileSync(snapshot, 'utf8')) : { versions: {}, topics: {} };
}

/** Saves what was seen, and the tables of docs/cells.md with it. */
export function saveCells(seen: SeenCells): void {
  writeFileSync(snapshot, `${JSON.stringify(seen, null, 2)}\n`);
  const [head] = readFileSync(page, 'utf8').split(start);
  writeFileSync(page, `${head}${start}\n${cellTables(seen)}`);
}

/** The part of docs/cells.md that is made of the cases and of what was seen. */
export function tablesOfPage(): string {
  return (readFileSync(page, 'utf8').split(start)[1] ?? '').slice(1);
}

export function cellTables(seen: SeenCells): string {
  return cellTopics.map((topic) => tableOf(topic, seen)).join('');
}

function tableOf({ title, cases }: CellTopic, { versions, topics }: SeenCells): string {
  const names = others.map((name) => `${name} ${versions[name]}`);
  const rows = cases.map((entry) => {
    const seen = topics[title]?.[entry.name] ?? {};
    const cells = [entry.name, code(lastCell(entry)), ours(entry), ...others.map((name) => plain(seen[name] ?? '–'))];
    return `| ${cells.map(escaped).join(' | ')} |\n`;
  });
  const head = `| | cell | paddlelab | ${names.join(' | ')} |\n| --- | --- | --- |${' --- |'.repeat(others.length)}\n`;
  return `\n## ${title}\n\n${head}${rows.join('')}`;
}

/** Our column: test/kernel/cell-table.test.ts holds it. */
function ours({ expected, node }: CellCase): string {
  const since = node === undefined ? '' : `; before Node ${node} refused`;
  switch (expected.kind) {
    case 'value':
      return `yes${since}`;
    case 'refused':
      return 'refused';
    case 'thrown':
      return 'thrown';
  }
}

function code(cell: string): string {
  const line = cell.replaceAll(/\s+/g, ' ').replaceAll('`', "'");
  return `\`${line.length > 90 ? `${line.slice(0, 89)}…` : line}\``;
}

/** Types such as `Set<number>` are no HTML. */
function plain(text: string): string {
  return text.replaceAll('<', '&lt;').replaceAll('{{', '{&#123;');
}

function escaped(text: string): string {
  return text.replaceAll('|', '\\|');
}
