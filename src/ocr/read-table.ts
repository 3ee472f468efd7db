import { boxAround } from '../drawing/geometry';
import { decodeImage, type ImageInput, type RgbImage } from '../image/image';
import { cropPixels } from '../image/raw-pixels';
import { loadModel } from '../model/load-model';
import { Model } from '../model/model';
import { presentResult } from '../model-io/present-result';
import { abortSignal, type OptionChecks, readOptions } from '../options';
import { predict } from '../predict/predict';
import type {
  Box,
  TableResult,
  TableStructureCell,
  TableStructureResult,
  TextLine,
  TextResult,
  Timings,
} from '../results';
import { invalidArgument, throwIfAborted } from '../validate';
import { fillCells, linesInside, rowsOf, tableHtml } from './fill-table';
import { readText } from './read-text';
import { TextReader } from './text-reader';

/** Options of `readTable`. */
export interface ReadTableOptions {
  /** The part of the image that shows the table, `[x1, y1, x2, y2]`, such as a box of a layout detector; by default all. */
  readonly box?: Box;
  /** The text of the whole image, if `readText` read it before: several tables of a page need it once. */
  readonly text?: TextResult;
  /** The networks that read the text, as loaded by `loadTextReader`; by default those of `readText`. */
  readonly reader?: TextReader;
  /** Finds rows, columns and cells; by default `SLANet_plus`, which is loaded once and kept. */
  readonly structure?: Model<'table-structure'>;
  /** Gives up: the promise rejects at once, a run that has begun ends in the background. */
  readonly signal?: AbortSignal;
}

const checks = {
  box: checkBox,
  text: checkText,
  reader: checkReader,
  structure: checkStructure,
  signal: abortSignal,
} satisfies OptionChecks<ReadTableOptions>;

/**
 * Reads a table: one network finds its rows, columns and cells, and the lines of text are put into them.
 *
 * The result has `rows` as typed data, `cells` with spans and corners in pixels of the image, and `html`; `toCsv` makes CSV.
 * The table must be upright. Lines outside of all cells are left out.
 *
 * @throws PaddleLabError as `readText` and `loadModel`; MODEL_UNSUPPORTED for a network of another task
 *
 * @example
 * import { readTable } from 'paddlelab';
 * const { rows, html } = await readTable('table.png');
 */
export async function readTable(image: ImageInput, options: ReadTableOptions = {}): Promise<TableResult> {
  const { box, text: read, reader, structure, signal } = readOptions('readTable', options, checks);
  const stop = signal === undefined ? {} : { signal };
  const started = performance.now();
  const pixels = await decodeImage(image);
  const decodeMs = performance.now() - started;
  cropOf(pixels, box);
  const text = read ?? (await readText(pixels, { ...(reader !== undefined && { reader }), ...stop }));
  throwIfAborted(signal);
  const page = pageOf(pixels, text);
  const crop = cropOf(page, box);
  const found = await predict(structure ?? (await usualStructure()), cropPixels(page, crop), stop);
  const cells = found.cells.map((cell) => moved(cell, crop, page));
  const lines = text.lines.filter(({ polygon }) => box === undefined || shares(boxAround(polygon), box));
  const spent = [{ ...found.timings, decodeMs }, ...(read === undefined ? [text.timings] : [])];
  return present(page, found, cells, lines, spent);
}

/** The flat page if it was unwarped. */
function pageOf(pixels: RgbImage, { image, unwarped, pageAngle = 0 }: TextResult): RgbImage {
  if (unwarped !== undefined) return unwarped;
  if (pageAngle !== 0) throw invalidArgument('image', 'upright table', `page turned by ${pageAngle}°`);
  if (image.width === pixels.width && image.height === pixels.height) return pixels;
  throw invalidArgument(
    'text',
    `text of this image of ${pixels.width}×${pixels.height} pixels`,
    `${image.width}×${image.height}`,
  );
}

/** The whole pixels of a box that lie in the image. */
function cropOf({ width, height }: RgbImage, box: Box | undefined): Parameters<typeof cropPixels>[1] {
  if (box === undefined) return { left: 0, top: 0, width, height };
  const [left, top] = [Math.max(0, Math.floor(box[0])), Math.max(0, Math.floor(box[1]))];
  const [right, bottom] = [Math.min(width, Math.ceil(box[2])), Math.min(height, Math.ceil(box[3]))];
  if (right > left && bottom > top) return { left, top, width: right - left, height: bottom - top };
  throw invalidArgument('box', `box inside the image of ${width}×${height} pixels`, `[${box.join(', ')}]`);
}

/** A cell of the cut-out table, in the image. */
function moved(
  cell: TableStructureCell,
  { left, top }: { readonly left: number; readonly top: number },
  { width, height }: RgbImage,
): TableStructureCell {
  const polygon = cell.polygon.map(([x, y]): readonly [number, number] => [
    Math.min(width, Math.max(0, x + left)),
    Math.min(height, Math.max(0, y + top)),
  ]);
  return { ...cell, polygon };
}

/** As in PaddleX: more than three pixels in both directions. */
function shares(line: Box, box: Box): boolean {
  const across = Math.min(line[2], box[2]) - Math.max(line[0], box[0]);
  const down = Math.min(line[3], box[3]) - Math.max(line[1], box[1]);
  return across > 3 && down > 3;
}

function present(
  { width, height }: RgbImage,
  { score }: TableStructureResult,
  places: readonly TableStructureCell[],
  lines: readonly TextLine[],
  spent: readonly Timings[],
): TableResult {
  const cells = fillCells(places, lines);
  const sum = (key: keyof Timings): number => spent.reduce((total, timings) => total + timings[key], 0);
  const timings = {
    ...{ decodeMs: sum('decodeMs'), preprocessMs: sum('preprocessMs') },
    ...{ inferenceMs: sum('inferenceMs'), postprocessMs: sum('postprocessMs') },
  };
  const boxes = places.map(({ polygon }) => (polygon.length === 0 ? undefined : boxAround(polygon)));
  const result = {
    kind: 'table',
    image: { width, height },
    labels: [],
    threshold: 0,
    rows: rowsOf(cells),
    cells,
    lines: linesInside(lines, boxes),
    html: tableHtml(cells),
    score,
    timings,
  };
  return presentResult(result as unknown as TableResult, {});
}

function checkBox(name: string, value: unknown): Box {
  if (Array.isArray(value) && value.length === 4 && value.every(Number.isFinite)) return value as unknown as Box;
  throw invalidArgument(name, '[x1, y1, x2, y2] in pixels', value);
}

function checkText(name: string, value: unknown): TextResult {
  const { kind, lines } = (value ?? {}) as Partial<TextResult>;
  if (kind === 'text' && Array.isArray(lines)) return value as TextResult;
  throw invalidArgument(name, 'result of readText', value);
}

function checkReader(name: string, value: unknown): TextReader {
  if (value instanceof TextReader) return value;
  throw invalidArgument(name, 'reader from loadTextReader', value);
}

function checkStructure(name: string, value: unknown): Model<'table-structure'> {
  if (value instanceof Model && value.kind === 'table-structure') return value as Model<'table-structure'>;
  throw invalidArgument(name, 'model for table-structure from loadModel', value);
}

let usual: Promise<Model<'table-structure'>> | undefined;

/** Loaded at the first call; if that fails, the next call tries again. */
function usualStructure(): Promise<Model<'table-structure'>> {
  usual ??= loadModel('SLANet_plus', { task: 'table-structure' }).catch((error: unknown) => {
    usual = undefined;
    throw error;
  });
  return usual;
}
