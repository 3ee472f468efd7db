import { compareTexts } from '../agreement/texts';
import type { TableResult } from '../results';
import { cellObjects } from './table-structure';
import type { ResultDefinition } from './task-definition';

/** A table with its text: no model's own task, but what networks of text and of tables find together. */
export const table: ResultDefinition<TableResult> = {
  finds: 'own',
  content: 'cells',
  nouns: ['cell', 'cells'],
  found: ({ cells, score }) => cells.map(({ text }) => ({ classId: 0, label: text, score })),
  objects: cellObjects,
  annotators: ['rotatedBox'],
  table: ({ rows }) => ({
    columns: (rows[0] ?? []).map((_, at) => ({ title: String(at + 1), align: 'left' })),
    rows,
  }),
  html: ({ html }) => `<div style="overflow-x:auto">${html}</div>`,
  csv: ({ cells }) => ({
    columns: ['row', 'column', 'row_span', 'column_span', 'text', 'polygon'],
    rows: cells.map(({ row, column, rowSpan, columnSpan, text, polygon }) => [
      ...[row, column, rowSpan, columnSpan],
      ...[text, polygon.flat().join(' ')],
    ]),
  }),
  compare: (baseline, result) => {
    // Where one has no score, none differs.
    const text = (own: TableResult, other: TableResult) => ({ text: own.html, score: own.score ?? other.score ?? 0 });
    return compareTexts(text(baseline, result), text(result, baseline));
  },
};
