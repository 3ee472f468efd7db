import { linesInside, rowsOf, tableHtml } from '../ocr/fill-table';
import { gridOf } from '../postprocess/table-grid';
import type { Box, TableResult, TextCell } from '../results';
import type { AnswerValues } from './answer-values';
import { checkPlaces, linesOf } from './read-text';

type Fields = Readonly<Record<string, unknown>>;

/**
 * The table that fills the image. Its HTML is not taken as it is: texts in it are not escaped.
 *
 * @param threshold lines with a score below it are left out
 */
export function readTable(
  values: AnswerValues,
  { tableRecResults }: Fields,
  threshold: number,
): Pick<TableResult, 'rows' | 'cells' | 'lines' | 'html'> {
  const pages = values.objects('tableRecResults', tableRecResults);
  const [page] = pages;
  if (page === undefined || pages.length > 1) {
    throw values.refuse(`Expected the table of one image but the server answered ${pages.length} pages`);
  }
  const pruned = values.object('prunedResult', page.prunedResult);
  checkPlaces(values, pruned);
  const tables = values.objects('table_res_list', pruned.table_res_list);
  const [table] = tables;
  if (table === undefined || tables.length > 1) {
    throw values.refuse(`Expected one table, the image as a whole, but the server answered ${tables.length}`);
  }
  const boxes = values.list('cell_box_list', table.cell_box_list).map((one) => values.box('cell_box_list', one));
  const cells = cellsOf(values.text('pred_html', table.pred_html));
  // A pipeline that looks for cells by itself finds others than the HTML has, in another order.
  const placed = boxes.length === cells.length;
  const withPlaces = cells.map((cell, i): TextCell => ({ ...cell, polygon: placed ? cornersOf(boxes[i]!) : [] }));
  const lines = linesOf(values, values.object('table_ocr_pred', table.table_ocr_pred), threshold);
  const inside = boxes.length === 0 ? lines : linesInside(lines, boxes);
  return { rows: rowsOf(withPlaces), cells: withPlaces, lines: inside, html: tableHtml(withPlaces) };
}

/** Tags of tables, and everything else; a text may have brackets of its own. */
const tags = /<(\/?)(thead|tr|td)((?:\s+(?:col|row)span="\d+")*)\s*>/g;

function cellsOf(html: string): Omit<TextCell, 'polygon'>[] {
  const tokens: string[] = [];
  const texts: string[] = [];
  let begin: number | undefined;
  for (const { 0: tag, 1: slash, 2: name, 3: spans = '', index } of html.matchAll(tags)) {
    if (name === 'td' && slash === '') {
      tokens.push('<td', ...[...spans.matchAll(/(?:col|row)span="\d+"/g)].map(([span]) => ` ${span}`), '>');
      begin = index + tag.length;
    } else if (name === 'td' && begin !== undefined) {
      texts.push(plain(html.slice(begin, index)));
      tokens.push('</td>');
      begin = undefined;
    } else if (begin === undefined) tokens.push(`<${slash}${name}>`);
  }
  return gridOf(tokens).map((cell, i) => ({ ...cell, text: texts[i] ?? '' }));
}

/** Heads are bold in the HTML. */
function plain(text: string): string {
  return text.replace(/<\/?b>/g, '').trim();
}

function cornersOf([left, top, right, bottom]: Box): TextCell['polygon'] {
  return [
    [left, top],
    [right, top],
    [right, bottom],
    [left, bottom],
  ];
}
