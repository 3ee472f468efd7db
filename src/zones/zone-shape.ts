import { PaddleLabError } from '../errors';
import { type OptionChecks, oneOf, readOptions } from '../options';
import { invalidArgument } from '../validate';

/** A point in pixels of the frame, from its top left. */
export type ZonePoint = readonly [x: number, y: number];

/** A line that objects cross. */
export interface LineShape {
  readonly kind: 'line';
  readonly from: ZonePoint;
  readonly to: ZonePoint;
}

/** An area of the frame. */
export interface PolygonShape {
  readonly kind: 'polygon';
  /** Three corners or more in order; the last is joined to the first. */
  readonly points: readonly ZonePoint[];
}

/** Where objects are counted. */
export type ZoneShape = LineShape | PolygonShape;

const kind = oneOf(['line', 'polygon']);
const lineChecks = { kind, from: point, to: point } as OptionChecks<LineShape>;
const polygonChecks = { kind, points } as OptionChecks<PolygonShape>;

/** @throws PaddleLabError INVALID_ARGUMENT, UNKNOWN_OPTION */
export function checkShape(shape: ZoneShape): ZoneShape {
  if (typeof shape !== 'object' || shape === null) throw invalidArgument('shape', 'line or polygon', shape);
  switch (kind('shape.kind', shape.kind)) {
    case 'line': {
      const { from, to } = readOptions<LineShape>('line', shape as LineShape, lineChecks, 'shape.');
      point('shape.from', from);
      point('shape.to', to);
      if (from[0] === to[0] && from[1] === to[1]) throw flat('a line between two points that differ', shape);
      return { kind: 'line', from, to };
    }
    case 'polygon': {
      const given = readOptions<PolygonShape>('polygon', shape as PolygonShape, polygonChecks, 'shape.');
      const corners = points('shape.points', given.points);
      if (areaOf(corners) === 0) throw flat('a polygon with an area', shape);
      return { kind: 'polygon', points: corners };
    }
  }
}

function point(name: string, value: unknown): ZonePoint {
  if (!Array.isArray(value) || value.length !== 2 || !value.every(Number.isFinite)) {
    throw invalidArgument(name, 'two finite numbers [x, y]', value);
  }
  return value as unknown as ZonePoint;
}

function points(name: string, value: unknown): readonly ZonePoint[] {
  if (!Array.isArray(value) || value.length < 3) throw invalidArgument(name, 'list of three points or more', value);
  return value.map((item: unknown, index) => point(`${name}[${index}]`, item));
}

function areaOf(corners: readonly ZonePoint[]): number {
  return corners.reduce((sum, [x, y], i) => {
    const [nextX, nextY] = corners[(i + 1) % corners.length] as ZonePoint;
    return sum + x * nextY - nextX * y;
  }, 0);
}

function flat(expected: string, shape: ZoneShape): PaddleLabError {
  return new PaddleLabError('INVALID_ARGUMENT', `Expected ${expected} for shape but received ${JSON.stringify(shape)}`);
}

/**
 * A zone as it is written in a shell: `line:100,200,500,200` or `polygon:0,0,640,0,320,480`, with a name in front where
 * there are several, `door=line:…`.
 *
 * @throws PaddleLabError INVALID_ARGUMENT
 */
export function parseZone(text: string): { readonly name?: string; readonly shape: ZoneShape } {
  const match = /^(?:([^=:]+)=)?(line|polygon):(.*)$/.exec(text);
  const numbers = (match?.[3] ?? '').split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  const wanted = match?.[2] === 'line' ? numbers.length === 4 : numbers.length >= 6 && numbers.length % 2 === 0;
  if (match === null || !wanted || !numbers.every(Number.isFinite)) {
    throw invalidArgument('zone', 'line:X1,Y1,X2,Y2 or polygon:X1,Y1,X2,Y2,X3,Y3,… with NAME= in front if named', text);
  }
  const pairs = Array.from({ length: numbers.length / 2 }, (_, i): ZonePoint => {
    return [numbers[2 * i] as number, numbers[2 * i + 1] as number];
  });
  const [from, to] = pairs as [ZonePoint, ZonePoint];
  const shape = checkShape(match[2] === 'line' ? { kind: 'line', from, to } : { kind: 'polygon', points: pairs });
  return { ...(match[1] !== undefined && { name: match[1].trim() }), shape };
}
