import { escapeHtml, type MimeBundle } from '../display/display';
import { numbersStyle, scrollingTable } from '../display/html-table';
import { classColor, toHex } from '../display/palette';
import { decodeLabelMap } from '../image/label-map';
import { loadSharp } from '../image/load-sharp';
import type { PredictResult, SemanticSegmentationResult } from '../results';
import { alignRows } from '../text/table';
import { detectionTable, totalMs } from './detection-table';

/** More rows than this are counted, not listed. */
const maxRows = 20;
/** Longer side of the little picture of a segmentation, in pixels. */
const pictureSide = 320;

/** A table: its names of columns, and rows of cells; the first one is text, the others are numbers. */
interface Table {
  readonly headline: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** A colour before each row; none where classes have no colour. */
  readonly colors?: readonly string[];
}

/** How a result shows itself in a notebook; a segmentation with a little picture. */
export function resultBundle(result: PredictResult): MimeBundle | Promise<MimeBundle> {
  const table = tableOf(result);
  if (table === undefined) return resultTable(result);
  const bundle = { 'text/html': toHtml(table), 'text/plain': toText(table) };
  return result.kind === 'semantic-segmentation' ? withPicture(bundle, result) : bundle;
}

/** The same as text. */
export function resultText(result: PredictResult): string {
  const table = tableOf(result);
  return table === undefined ? String(resultTable(result)['text/plain']) : toText(table);
}

function resultTable(result: PredictResult): MimeBundle {
  return result.detections === undefined ? {} : detectionTable(result);
}

function tableOf(result: PredictResult): Table | undefined {
  const end = `in ${result.image.width}×${result.image.height}, ${totalMs(result.timings)}`;
  switch (result.kind) {
    case 'classification': {
      const rows = result.classes.map(({ classId, label, score }) => [label, String(classId), score.toFixed(4)]);
      return { headline: `${count(rows, 'class', 'classes')} ${end}`, columns: ['class', 'id', 'score'], rows };
    }
    case 'semantic-segmentation': {
      const rows = result.segments.map(({ classId, label, area, fraction }) => {
        return [label, String(classId), String(area), `${(100 * fraction).toFixed(1)} %`];
      });
      const colors = result.segments.map(({ classId }) => toHex(classColor(classId)));
      const headline = `${count(rows, 'class', 'classes')} ${end}`;
      return { headline, columns: ['class', 'id', 'pixels', 'part'], rows, colors };
    }
    case 'keypoints': {
      const rows = result.people.flatMap(({ keypoints }, person) =>
        keypoints.map(({ x, y, score }, joint) => {
          return [`${person}.${joint}`, x.toFixed(1), y.toFixed(1), score.toFixed(2)];
        }),
      );
      const people = count(result.people, 'person', 'people');
      return { headline: `${people} ${end}`, columns: ['joint', 'x', 'y', 'score'], rows };
    }
    case 'tensors': {
      const rows = result.outputs.map((text, i) => [`output ${i}`, text]);
      return { headline: `${count(rows, 'tensor', 'tensors')} ${end}`, columns: ['', 'type and shape'], rows };
    }
    // These have their own: a table of boxes, or what the user's task says.
    case 'detection':
    case 'rotated-detection':
    case 'instance-segmentation':
    case 'custom':
      return undefined;
  }
}

function count(items: readonly unknown[], one: string, several: string): string {
  return items.length === 0 ? `no ${several}` : `${items.length} ${items.length === 1 ? one : several}`;
}

function more(rows: readonly unknown[]): string {
  return rows.length > maxRows ? `… and ${rows.length - maxRows} more` : '';
}

function toText({ headline, columns, rows }: Table): string {
  if (rows.length === 0) return headline;
  const lines = alignRows(
    [columns, ...rows.slice(0, maxRows)],
    columns.map((_, column) => (column === 0 ? 'left' : 'right')),
  );
  return [headline, ...lines, ...(more(rows) === '' ? [] : [more(rows)])].join('\n');
}

/** Colours come from the theme, apart from the swatches, so that it reads on light and on dark. */
function toHtml({ headline, columns, rows, colors }: Table): string {
  const cell = (tag: string, text: string, column: number, color = ''): string =>
    `<${tag}${column === 0 ? ' style="text-align:left"' : ''}>${color}${escapeHtml(text)}</${tag}>`;
  const swatch = (color: string | undefined): string => {
    if (color === undefined) return '';
    const look = 'display:inline-block;width:.8em;height:.8em;margin-right:.5em;border-radius:.15em';
    return `<span style="${look};outline:1px solid rgba(128,128,128,.6);background:${color}"></span>`;
  };
  const head = columns.map((text, i) => cell('th', text, i)).join('');
  const body = rows.slice(0, maxRows).map((row, at) => {
    return `<tr>${row.map((text, i) => cell('td', text, i, i === 0 ? swatch(colors?.[at]) : '')).join('')}</tr>`;
  });
  const table = scrollingTable(`<tr>${head}</tr>${body.join('\n')}`, numbersStyle);
  const rest = more(rows) === '' ? '' : `<div>${more(rows)}</div>`;
  return `<div><div>${escapeHtml(headline)}</div>${rows.length === 0 ? '' : table}${rest}</div>`;
}

async function withPicture(bundle: MimeBundle, result: SemanticSegmentationResult): Promise<MimeBundle> {
  const { width, height, data } = decodeLabelMap(result);
  const pixels = new Uint8Array(data.length * 3);
  data.forEach((classId, i) => {
    pixels.set(classColor(classId), i * 3);
  });
  const scale = Math.min(1, pictureSide / Math.max(width, height));
  const size = { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
  const png = await loadSharp()(pixels, { raw: { width, height, channels: 3 } })
    .resize({ ...size, kernel: 'nearest', fit: 'fill' })
    .png({ palette: true })
    .toBuffer();
  const image = `<img alt="classes of the pixels" src="data:image/png;base64,${png.toString('base64')}"/>`;
  return { ...bundle, 'text/html': `${bundle['text/html']}${image}` };
}
