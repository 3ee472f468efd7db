import type { TextResult } from '../results';

const tsvColumns = ['page', 'line', 'text', 'score', 'detection_score', 'polygon'] as const;

/**
 * Results as tab-separated values, one row for each line of text: page and line from 1, the text (tabs and line breaks
 * become spaces), both scores (that of the detector is empty if it is not known), and the corners `x,y x,y …` in pixels of the page.
 *
 * @example
 * import { readText, toTsv } from 'paddlelab';
 * toTsv(await readText('page.png')).split('\n')[0]; // page line text score detection_score polygon
 */
export function toTsv(results: TextResult | readonly TextResult[]): string {
  return [tsvHeading, ...[results].flat().flatMap((result, i) => tsvRows(result, i + 1))].join('');
}

/** The first line of such a file. */
export const tsvHeading = `${tsvColumns.join('\t')}\n`;

/** The rows of one page. */
export function tsvRows({ lines }: TextResult, page: number): string[] {
  return lines.map(({ text, score, detectionScore, polygon }, line) => {
    const corners = polygon
      .map((point) => point.map((value) => String(Math.round(value * 100) / 100)).join(','))
      .join(' ');
    const cells = [
      page,
      line + 1,
      text.replace(/[\t\r\n]+/g, ' '),
      score.toFixed(4),
      detectionScore?.toFixed(4) ?? '',
      corners,
    ];
    return `${cells.join('\t')}\n`;
  });
}
