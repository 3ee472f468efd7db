import { fillPolygons } from '../image/polygon-mask';
import { encodeRle } from '../image/rle';
import { boolean, type OptionChecks, oneOf, readOptions } from '../options';
import type { Box } from '../results';
import { invalidArgument } from '../validate';
import {
  boxAround,
  damaged,
  type FoundObject,
  labelList,
  type PixelSize,
  pixelSize,
  type ReadResult,
  resultOf,
} from './found-object';

/** Options of `parseUltralyticsLabels`. */
export interface UltralyticsLabelsOptions {
  /** The size of the image, whose shares the coordinates are. */
  readonly size: PixelSize;
  /** Names of the classes by their numbers. */
  readonly labels?: readonly string[];
  /** What the lines have: `boxes`, the default, `corners` of rotated boxes, or outlines of `masks`. */
  readonly form?: 'boxes' | 'corners' | 'masks';
  /** Whether there is a score after the coordinates (`save_conf=True`), true by default; without one, scores are 1. */
  readonly scores?: boolean;
  /** Whether there is an id at the end, as for tracked objects; false by default. */
  readonly ids?: boolean;
}

const checks = {
  size: pixelSize,
  labels: labelList,
  form: oneOf(['boxes', 'corners', 'masks']),
  scores: boolean,
  ids: boolean,
} satisfies OptionChecks<UltralyticsLabelsOptions>;

/**
 * Reads a file of labels as Ultralytics' `save_txt` writes it for one image: a line for each object, with coordinates from 0
 * to 1. Which columns it has can't be seen from the file, so that it is asked for: `form`, `scores`, `ids`.
 *
 * @throws PaddleLabError INVALID_ARGUMENT, UNKNOWN_OPTION; DATASET_INVALID, with the line
 *
 * @example
 * import { parseUltralyticsLabels } from 'paddlelab';
 * const size = { width: 100, height: 50 };
 * const { detections } = parseUltralyticsLabels('0 0.5 0.5 0.2 0.4 0.9\n', { size, labels: ['dog'] });
 * console.log(detections?.[0]?.box);
 */
export function parseUltralyticsLabels(text: string, options: UltralyticsLabelsOptions): ReadResult {
  if (typeof text !== 'string') throw invalidArgument('text', 'string', text);
  const given = readOptions<UltralyticsLabelsOptions>('parseUltralyticsLabels', options, checks);
  const { form = 'boxes', scores = true, ids = false, labels } = given;
  const image = pixelSize('size', given.size);
  const objects = text.split(/\r?\n/).flatMap((line, index): FoundObject[] => {
    if (line.trim() === '') return [];
    return [readLine(line, `line ${index + 1}`, image, { form, scores, ids })];
  });
  return resultOf(objects, image, labels);
}

type Columns = Required<Pick<UltralyticsLabelsOptions, 'form' | 'scores' | 'ids'>>;

function readLine(line: string, place: string, { width, height }: PixelSize, columns: Columns): FoundObject {
  const values = line.trim().split(/\s+/).map(Number);
  const [classId = Number.NaN, ...rest] = values;
  if (!values.every(Number.isFinite)) throw damaged(place, 'numbers', line);
  if (!Number.isInteger(classId) || classId < 0) throw damaged(place, 'the number of a class first', line);
  const trackId = columns.ids ? rest.pop() : undefined;
  const score = columns.scores ? (rest.pop() ?? Number.NaN) : 1;
  if (!(score >= 0 && score <= 1)) throw damaged(place, 'a score from 0 to 1 (scores: false if there is none)', line);
  if (trackId !== undefined && !(Number.isInteger(trackId) && trackId >= 0))
    throw damaged(place, 'an id at the end', line);
  const scaled = rest.map((value, i) => value * (i % 2 === 0 ? width : height));
  return { classId, score, ...shapeOf(scaled, columns.form, place, line, { width, height }), trackId };
}

function shapeOf(
  values: readonly number[],
  form: Columns['form'],
  place: string,
  line: string,
  { width, height }: PixelSize,
): Pick<FoundObject, 'box' | 'corners' | 'mask'> {
  switch (form) {
    case 'boxes': {
      if (values.length !== 4) throw damaged(place, 'centre, width and height', line);
      const [x, y, across, down] = values as unknown as Box;
      return { box: [x - across / 2, y - down / 2, x + across / 2, y + down / 2] };
    }
    case 'corners':
      if (values.length !== 8) throw damaged(place, 'four corners', line);
      return { box: boxAround(values), corners: values };
    case 'masks':
      if (values.length < 6 || values.length % 2 !== 0) throw damaged(place, 'three points or more', line);
      return { box: boxAround(values), mask: encodeRle(fillPolygons([values], width, height)) };
  }
}
