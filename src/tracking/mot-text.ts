import { PaddleLabError } from '../errors';
import { boolean, type OptionChecks, readOptions } from '../options';
import type { Box, Detection } from '../results';
import { checkInteger, invalidArgument } from '../validate';

/** An object of a file in MOTChallenge's format. */
export interface MotObject extends Detection {
  /** -1 in files of detections, which are not tracked. */
  readonly id: number;
}

/** What `toMot` writes: objects of a tracker or of `parseMot`, or detections with a `trackId`; without one the id is -1. */
export type MotInput = MotObject | Detection;

/** Options of `toMot`. */
export interface ToMotOptions {
  /**
   * Whether the eighth column has the class, as in PaddleDetection's files of several classes; otherwise it is -1, as in
   * MOTChallenge's.
   */
  readonly classes?: boolean;
}

const checks = { classes: boolean } satisfies OptionChecks<ToMotOptions>;

/**
 * Tracked objects as MOTChallenge's text: a line `frame,id,left,top,width,height,score,-1,-1,-1` for each, frames from 1.
 * Positions are rounded to 0.0001 px, scores to 0.0001.
 *
 * @param frames the objects of each frame, as a tracker gives them, or the `detections` of the results of `track`
 * @throws PaddleLabError INVALID_ARGUMENT, UNKNOWN_OPTION
 *
 * @example
 * import { createTracker, predict, toMot } from 'paddlelab';
 * const tracker = createTracker('oc-sort');
 * const { detections } = await predict(model, 'shapes.png');
 * console.log(toMot([tracker.update(detections), tracker.update(detections)]));
 */
export function toMot(frames: readonly (readonly MotInput[])[], options: ToMotOptions = {}): string {
  const { classes = false } = readOptions<ToMotOptions>('toMot', options, checks);
  if (!Array.isArray(frames)) throw invalidArgument('frames', 'list of frames', frames);
  const lines = (frames as readonly (readonly MotInput[])[]).flatMap((objects, index) => {
    if (!Array.isArray(objects)) throw invalidArgument(`frames[${index}]`, 'list of tracked objects', objects);
    return motLines(objects as readonly MotInput[], index, classes);
  });
  return lines.map((line) => `${line}\n`).join('');
}

/** @internal The lines of one frame, whose `index` is from 0. */
export function motLines(objects: readonly MotInput[], index: number, classes: boolean): string[] {
  if (!classes) checkDistinct(objects, index);
  return objects.map((object, place) => lineOf(object, index + 1, classes, `frames[${index}][${place}]`));
}

/** ByteTrack numbers the objects of each class by themselves, so that ids alone can be ambiguous. */
function checkDistinct(objects: readonly MotInput[], index: number): void {
  const ids = objects.map(idOf).filter((id) => id !== -1);
  const double = ids.find((id, place) => ids.indexOf(id) !== place);
  if (double === undefined) return;
  throw new PaddleLabError(
    'INVALID_ARGUMENT',
    `Expected objects with different ids for frames[${index}] but received two with id ${double}. If they are of different ` +
      'classes, pass classes: true',
  );
}

function idOf(object: MotInput): number {
  return ('id' in object ? object.id : object.trackId) ?? -1;
}

function lineOf(object: MotInput, frame: number, classes: boolean, name: string): string {
  const { classId, score, box } = object;
  const id = idOf(object);
  checkInteger(`${name}.id`, id, -1);
  const [x1, y1, x2, y2] = box;
  const numbers = [x1, y1, x2 - x1, y2 - y1, score].map((value) => Number(value.toFixed(4)));
  return [frame, id, ...numbers, classes ? classId : -1, -1, -1].join(',');
}

/**
 * Reads MOTChallenge's text: detections (`det.txt`), tracked objects and ground truth (`gt.txt`). The eighth column is the
 * class where it is not negative, otherwise the class is 0. Columns after it are not read.
 *
 * @returns the objects of each frame, the first frame first; frames without any are empty
 * @throws PaddleLabError INVALID_ARGUMENT; DATASET_INVALID, with the line
 *
 * @example
 * import { parseMot } from 'paddlelab';
 * const [first = []] = parseMot('1,3,10,20,30,40,0.9,-1,-1,-1\n');
 * console.log(first.length);
 */
export function parseMot(text: string): MotObject[][] {
  if (typeof text !== 'string') throw invalidArgument('text', 'string', text);
  const frames: MotObject[][] = [];
  for (const [index, line] of text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .entries()) {
    if (line.trim() === '') continue;
    const { frame, object } = readLine(line, index + 1);
    while (frames.length < frame) frames.push([]);
    frames[frame - 1]!.push(object);
  }
  return frames;
}

/** More frames than this are taken for a damaged number: at 30 frames per second they take four days. */
const MOST_FRAMES = 10_000_000;

function readLine(line: string, number: number): { frame: number; object: MotObject } {
  const fields = line.split(',').map((field) => (field.trim() === '' ? Number.NaN : Number(field)));
  const [frame = 0, id = 0, left = 0, top = 0, width = 0, height = 0, score = 1, classId = -1] = fields;
  if (fields.length < 6) throw damaged(number, 'six numbers or more, separated by commas', line);
  if (!fields.slice(0, 8).every(Number.isFinite)) throw damaged(number, 'finite numbers', line);
  if (!Number.isInteger(frame) || frame < 1 || frame > MOST_FRAMES) throw damaged(number, 'a frame from 1', line);
  if (!Number.isInteger(id) || id < -1) throw damaged(number, 'an id from 1, or -1', line);
  if (width < 0 || height < 0) throw damaged(number, 'a width and height from 0', line);
  if (!Number.isInteger(classId)) throw damaged(number, 'an integer as class', line);
  const box: Box = [left, top, left + width, top + height];
  const known = Math.max(0, classId);
  return { frame, object: { id, classId: known, label: `class ${known}`, score, box } };
}

function damaged(line: number, expected: string, received: string): PaddleLabError {
  const shown = received.length > 80 ? `${received.slice(0, 77)}...` : received;
  return new PaddleLabError(
    'DATASET_INVALID',
    `Expected ${expected} in line ${line} but received ${JSON.stringify(shown)}`,
  );
}
