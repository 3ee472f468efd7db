import { checkMask } from '../image/check-mask';
import { rleArea } from '../image/rle';
import { fraction, listOf, number, type OptionChecks, readOptions } from '../options';
import type { Detection, InstanceDetection } from '../results';
import { invalidArgument } from '../validate';
import { checkObjects } from './check-objects';

/** An area that knows which boxes are in it, such as a polygon of `createZone`. */
export interface Area {
  /** Whether an object is in it. */
  contains(object: Detection): boolean;
}

/** Options of `filterObjects`: an object is kept if all that are given are met. */
export interface FilterOptions {
  /** Names or numbers of the classes that are kept. */
  readonly classes?: readonly (string | number)[];
  /** The least and the greatest score, both included. */
  readonly minScore?: number;
  readonly maxScore?: number;
  /** The least and the greatest area in pixels, both included: that of the mask if there is one, otherwise that of the box. */
  readonly minArea?: number;
  readonly maxArea?: number;
  /** A polygon of `createZone` in which the object must be, by the zone's anchors. */
  readonly zone?: Area;
}

const area = number(0, Number.MAX_VALUE);

const checks = {
  classes: listOf('list of names or numbers of classes', nameOrNumber),
  minScore: fraction,
  maxScore: fraction,
  minArea: area,
  maxArea: area,
  zone: areaOfFrame,
} satisfies OptionChecks<FilterOptions>;

/**
 * The objects that meet some conditions, in their order: by class, score, area and place.
 *
 * @throws PaddleLabError INVALID_ARGUMENT, UNKNOWN_OPTION
 *
 * @example
 * import { filterObjects } from 'paddlelab';
 * const { detections } = await predict(model, 'shapes.png');
 * const large = filterObjects(detections, { classes: ['circle', 'star'], minArea: 400 });
 * console.log(large.length);
 */
export function filterObjects<D extends Detection>(objects: readonly D[], options: FilterOptions = {}): D[] {
  const given = readOptions<FilterOptions>('filterObjects', options, checks);
  const { classes, minScore = 0, maxScore = 1, minArea = 0, maxArea = Number.POSITIVE_INFINITY, zone } = given;
  return checkObjects(objects).filter((object) => {
    if (classes !== undefined && !classes.includes(object.classId) && !classes.includes(object.label)) return false;
    if (object.score < minScore || object.score > maxScore) return false;
    const size = minArea === 0 && maxArea === Number.POSITIVE_INFINITY ? 0 : areaOf(object);
    return size >= minArea && size <= maxArea && (zone === undefined || zone.contains(object));
  });
}

function areaOf(object: Detection): number {
  const { mask } = object as Partial<InstanceDetection>;
  if (mask !== undefined) {
    checkMask('mask', mask);
    return rleArea(mask);
  }
  const [x1, y1, x2, y2] = object.box;
  return Math.max(0, x2 - x1) * Math.max(0, y2 - y1);
}

function nameOrNumber(name: string, value: unknown): string | number {
  if (typeof value === 'string' || (Number.isInteger(value) && (value as number) >= 0)) return value as string | number;
  throw invalidArgument(name, 'name or number of a class', value);
}

function areaOfFrame(name: string, value: unknown): Area {
  if (typeof (value as Partial<Area> | null)?.contains !== 'function')
    throw invalidArgument(name, 'polygon of createZone', value);
  return value as Area;
}
