import { escapeHtml, type MimeBundle } from '../display/display';
import { numbersStyle, scrollingTable } from '../display/html-table';
import { classColor, toHex } from '../display/palette';
import { rleArea } from '../image/rle';
import type { AnyDetectionResult, Detection, InstanceDetection, Timings } from '../results';
import { alignRows } from '../text/table';

/** More rows than this are counted, not listed. */
const maxRows = 20;

/** A row's cells, in the order of the header. */
interface Row {
  readonly classId: number;
  readonly label: string;
  readonly score: string;
  readonly box: readonly string[];
  /** Pixels of the mask; undefined where the result has no masks. */
  readonly area: string | undefined;
}

/**
 * A result as a cell shows it: an HTML table with each class's colour as `visualize` draws it, and the same as text.
 *
 * Boxes are x1, y1, x2, y2 and areas are pixels, in the original, EXIF-upright image.
 */
export function detectionTable(result: AnyDetectionResult): MimeBundle {
  const headline = headlineOf(result);
  const rows = result.detections.slice(0, maxRows).map(rowOf);
  const hidden = result.detections.length - rows.length;
  const more = hidden > 0 ? `… and ${hidden} more` : '';
  return { 'text/html': htmlTable(headline, rows, more), 'text/plain': textTable(headline, rows, more) };
}

/** `4 detections in 640×480, 23.1 ms`. */
function headlineOf({ detections, image, timings }: AnyDetectionResult): string {
  const count = detections.length === 0 ? 'no detections' : `${detections.length} detections`;
  return `${detections.length === 1 ? '1 detection' : count} in ${image.width}×${image.height}, ${totalMs(timings)}`;
}

/** `23.1 ms`, everything together. */
export function totalMs({ decodeMs, preprocessMs, inferenceMs, postprocessMs }: Timings): string {
  return `${(decodeMs + preprocessMs + inferenceMs + postprocessMs).toFixed(1)} ms`;
}

function rowOf(detection: Detection | InstanceDetection): Row {
  const { classId, label, score, box } = detection;
  const area = 'mask' in detection ? String(rleArea(detection.mask)) : undefined;
  return { classId, label, score: score.toFixed(2), box: box.map((value) => value.toFixed(1)), area };
}

/** Colours come from the theme, apart from the swatches, so that it reads on light and on dark. */
function htmlTable(headline: string, rows: readonly Row[], more: string): string {
  const parts = [`<div>${escapeHtml(headline)}</div>`];
  if (rows.length > 0) {
    const titles = ['score', 'x1', 'y1', 'x2', 'y2'];
    if (rows.some((row) => row.area !== undefined)) titles.push('mask px');
    const header = `<th></th><th style="text-align:left">class</th>${titles.map((title) => `<th>${title}</th>`).join('')}`;
    const body = rows.map(htmlRow).join('\n');
    parts.push(scrollingTable(`\n<thead><tr>${header}</tr></thead>\n<tbody>${body}</tbody>\n`, numbersStyle));
  }
  if (more !== '') parts.push(`<div>${more}</div>`);
  return `<div>\n${parts.join('\n')}\n</div>`;
}

function htmlRow(row: Row, index: number): string {
  const look = 'display:inline-block;width:.8em;height:.8em;margin-right:.5em;border-radius:.15em';
  const edge = 'outline:1px solid rgba(128,128,128,.6)';
  const swatch = `<span style="${look};${edge};background:${toHex(classColor(row.classId))}"></span>`;
  const name = `<td style="text-align:left">${swatch}${escapeHtml(row.label)}</td>`;
  const numbers = [row.score, ...row.box, ...(row.area === undefined ? [] : [row.area])];
  const cells = numbers.map((value) => `<td>${value}</td>`).join('');
  return `<tr><td style="opacity:.6">${index}</td>${name}${cells}</tr>`;
}

function textTable(headline: string, rows: readonly Row[], more: string): string {
  if (rows.length === 0) return headline;
  const header = ['', 'class', 'score', 'x1', 'y1', 'x2', 'y2'];
  if (rows.some((row) => row.area !== undefined)) header.push('mask px');
  const cells = rows.map(({ label, score, box, area }, index) => {
    return [String(index), label, score, ...box, ...(area === undefined ? [] : [area])];
  });
  const lines = alignRows(
    [header, ...cells],
    header.map((_, column) => (column === 1 ? 'left' : 'right')),
  );
  return [headline, ...lines, ...(more === '' ? [] : [more])].join('\n');
}
