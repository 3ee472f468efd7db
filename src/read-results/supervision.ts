import { PaddleLabError } from '../errors';
import { type OptionChecks, readOptions, text as textOption } from '../options';
import type { Box } from '../results';
import { readCsv } from '../text/read-csv';
import {
  count,
  damaged,
  type FoundObject,
  finite,
  labelList,
  type PixelSize,
  pixelSize,
  type ReadImage,
  readList,
  resultOf,
} from './found-object';

/** Options of `parseSupervision`. */
export interface SupervisionOptions {
  /** The size of the images, which the file does not have. */
  readonly size: PixelSize;
  /** Names of the classes by their numbers; by default the file's `class_name`. */
  readonly labels?: readonly string[];
  /** The column that says which image or frame an object is of, such as `frame_index`; without it all are of one image. */
  readonly groupBy?: string;
}

const checks = { size: pixelSize, labels: labelList, groupBy: textOption } satisfies OptionChecks<SupervisionOptions>;

/** What supervision writes where a number is missing. */
const missing = '';

/**
 * Reads what supervision's `JSONSink` and `CSVSink` write: boxes with classes, scores and the ids of trackers. An object
 * without a score gets 1.
 *
 * @param rows the text of the file (JSON or CSV), or the parsed list
 * @returns the result of each image, in the order in which the images come first
 * @throws PaddleLabError INVALID_ARGUMENT, UNKNOWN_OPTION; DATASET_INVALID, with the row
 *
 * @example
 * import { parseSupervision } from 'paddlelab';
 * const text = 'x_min,y_min,x_max,y_max,class_id,confidence,tracker_id,frame_index\n1,2,30,40,0,0.9,5,3\n';
 * const [frame] = parseSupervision(text, { size: { width: 64, height: 48 }, groupBy: 'frame_index' });
 * console.log(frame?.image, frame?.result.detections?.[0]);
 */
export function parseSupervision(rows: string | readonly object[], options: SupervisionOptions): ReadImage[] {
  const { labels, size, groupBy } = readOptions<SupervisionOptions>('parseSupervision', options, checks);
  const image = pixelSize('size', size);
  const images = new Map<string | number, FoundObject[]>();
  if (groupBy === undefined) images.set(0, []);
  for (const [index, row] of readRows(rows).entries()) {
    const place = `rows[${index}]`;
    const name = groupBy === undefined ? 0 : row[groupBy];
    if (typeof name !== 'string' && typeof name !== 'number')
      throw damaged(`${place}.${groupBy}`, 'a number or name', name);
    const own = images.get(name) ?? [];
    images.set(name, own);
    own.push(readRow(row, place));
  }
  return [...images].map(([name, objects]) => ({ image: name, result: resultOf(objects, image, labels) }));
}

type Row = Readonly<Record<string, unknown>>;

function readRows(rows: string | readonly object[]): readonly Row[] {
  if (typeof rows !== 'string' || /^\s*\[/.test(rows)) return readList('rows', rows);
  const [header = [], ...lines] = csvRows(rows);
  return lines.map((cells, index) => {
    if (cells.length !== header.length) throw damaged(`rows[${index}]`, `${header.length} cells`, cells.join(','));
    return Object.fromEntries(header.map((name, at) => [name, cellValue(cells[at] as string)]));
  });
}

function csvRows(text: string): string[][] {
  try {
    return readCsv(text);
  } catch (cause) {
    throw new PaddleLabError('DATASET_INVALID', `Expected CSV for rows but there is ${(cause as Error).message}`, {
      cause,
    });
  }
}

function cellValue(cell: string): string | number {
  const number = Number(cell);
  return cell.trim() === '' || !Number.isFinite(number) ? cell : number;
}

function readRow(row: Row, place: string): FoundObject {
  const sides = ['x_min', 'y_min', 'x_max', 'y_max'].map((name) => finite(`${place}.${name}`, row[name]));
  const { class_id: classId, confidence, tracker_id: trackId, class_name: label } = row;
  return {
    classId: classId === missing ? 0 : count(`${place}.class_id`, classId),
    label: typeof label === 'string' && label !== '' ? label : undefined,
    score: confidence === missing ? 1 : finite(`${place}.confidence`, confidence),
    box: sides as unknown as Box,
    trackId: trackId === missing || trackId === -1 ? undefined : count(`${place}.tracker_id`, trackId),
  };
}
