import { compareTexts } from '../agreement/texts';
import type { SceneObject } from '../drawing/annotators/annotator';
import { boxAround } from '../drawing/geometry';
import { readTableStructure } from '../postprocess/table-structure';
import type { TableResult, TableStructureCell, TableStructureResult } from '../results';
import type { TaskDefinition } from './task-definition';

const corners = ['x1', 'y1', 'x2', 'y2'] as const;

/** Rows, columns and cells of a table, without their text. */
export const tableStructure: TaskDefinition<'table-structure'> = {
  finds: 'own',
  boxRows: false,
  content: 'cells',
  read: readTableStructure,
  nouns: ['cell', 'cells'],
  found: ({ cells, score }) => cells.map(() => ({ classId: 0, label: 'cell', score })),
  objects: cellObjects,
  annotators: ['rotatedBox'],
  table: ({ cells }) => ({
    columns: ['row', 'column', 'rows', 'columns', ...corners],
    rows: cells.map((cell) => [...gridOf(cell), ...boxOf(cell)]),
  }),
  csv: ({ cells }) => ({
    columns: ['row', 'column', 'row_span', 'column_span', 'polygon'],
    rows: cells.map((cell) => [...gridOf(cell), cell.polygon.flat().join(' ')]),
  }),
  compare: (baseline, result) => compareTexts(asText(baseline), asText(result)),
};

/** Cells as objects that can be drawn; those without a place are left out. */
export function cellObjects({ cells }: Pick<TableStructureResult | TableResult, 'cells'>): SceneObject[] {
  return cells
    .filter(({ polygon }) => polygon.length > 0)
    .map(({ row, column, polygon }) => ({
      ...{ classId: 0, label: `${row + 1}, ${column + 1}` },
      ...{ box: boxAround(polygon), corners: polygon.flat() },
    }));
}

function gridOf({ row, column, rowSpan, columnSpan }: TableStructureCell): number[] {
  return [row, column, rowSpan, columnSpan];
}

function boxOf({ polygon }: TableStructureCell): string[] {
  return polygon.length === 0 ? corners.map(() => '') : boxAround(polygon).map((side) => side.toFixed(0));
}

/** Structures are the same if their tokens are. */
function asText({ tokens, score }: TableStructureResult): { text: string; score: number } {
  return { text: tokens.join(''), score };
}
