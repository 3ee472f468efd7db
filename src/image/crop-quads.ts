import { loadBinding } from '../native/binding';
import { invalidArgument } from '../validate';
import { decodeImage, type ImageInput } from './image';
import type { RgbImage } from './raw-pixels';

/** Four corners in pixels, clockwise from the one that becomes the top left. */
export type Quad = readonly (readonly [x: number, y: number])[];

/** How much higher than wide a crop must be to be turned: its line is read from top to bottom, or on its side. */
export const turnedFrom = 1.5;

/** A larger crop comes from mistaken corners. */
const maximumPixels = 2 ** 26;

/**
 * Cuts quadrangles out of an image and straightens them, as Python's PP-OCR pipelines do before they read a line: cubic
 * interpolation, the border continued outside, and crops that are at least 1.5 times as high as wide turned to the left
 * by 90°. The pixels equal those of OpenCV 4.
 *
 * @throws PaddleLabError INVALID_ARGUMENT, FILE_NOT_FOUND, IMAGE_UNREADABLE
 *
 * @example
 * import { cropQuads } from 'paddlelab';
 * const [line] = await cropQuads('shapes.png', [[[10, 12], [110, 20], [108, 44], [8, 36]]]);
 * line; // { width: 100, height: 24, data: Uint8Array … }
 */
export async function cropQuads(image: ImageInput, quads: readonly Quad[]): Promise<RgbImage[]> {
  if (!Array.isArray(quads)) throw invalidArgument('quads', 'array of quadrangles', quads);
  const specs = quads.map((quad, i) => specOf(quad, `quads[${i}]`));
  const { data, width, height } = await decodeImage(image);
  const crops = specs.map((spec) => {
    const [across, down] = spec.turned ? [spec.height, spec.width] : [spec.width, spec.height];
    return { width: across, height: down, data: new Uint8Array(spec.width * spec.height * 3) };
  });
  await loadBinding().cropQuadrangles({
    ...{ data, width, height },
    corners: Float32Array.from(specs.flatMap(({ corners }) => corners)),
    sizes: Int32Array.from(specs.flatMap((spec) => [spec.width, spec.height])),
    turned: Uint8Array.from(specs, ({ turned }) => Number(turned)),
    targets: crops.map((crop) => crop.data),
  });
  return crops;
}

/**
 * The size of a quadrangle once it is straightened, before it may be turned: the longer one of opposite sides, without
 * its fraction. Sides shorter than a pixel are 0; such a quadrangle can't be cut out.
 */
export function quadSize(quad: Quad): { readonly width: number; readonly height: number } {
  const [a, b, c, d] = checkQuad(quad, 'quad');
  return {
    width: Math.trunc(Math.max(distance(a, b), distance(c, d))),
    height: Math.trunc(Math.max(distance(a, d), distance(b, c))),
  };
}

interface CropSpec {
  readonly corners: readonly number[];
  readonly width: number;
  readonly height: number;
  readonly turned: boolean;
}

function specOf(quad: Quad, name: string): CropSpec {
  const corners = checkQuad(quad, name);
  const { width, height } = quadSize(corners);
  if (width < 1 || height < 1 || width * height > maximumPixels) {
    throw invalidArgument(name, 'quadrangle of at least 1×1 and at most 2²⁶ pixels', `${width}×${height}`);
  }
  return { corners: corners.flat(), width, height, turned: height / width >= turnedFrom };
}

type Point = readonly [x: number, y: number];

function checkQuad(quad: unknown, name: string): readonly [Point, Point, Point, Point] {
  const corners = Array.isArray(quad) ? quad : [];
  const numbers = corners.every((corner) => Array.isArray(corner) && corner.length === 2 && corner.every(isCoordinate));
  if (corners.length !== 4 || !numbers) throw invalidArgument(name, 'four corners [x, y]', quad);
  return corners as unknown as readonly [Point, Point, Point, Point];
}

function isCoordinate(value: unknown): boolean {
  return typeof value === 'number' && Math.abs(value) <= 2 ** 24;
}

/** In float32, because a side that is almost a whole number must be cut off on the same side as in Python. */
function distance([x1, y1]: Point, [x2, y2]: Point): number {
  const { fround } = Math;
  const [x, y] = [fround(fround(x1) - fround(x2)), fround(fround(y1) - fround(y2))];
  return fround(Math.sqrt(fround(fround(x * x) + fround(y * y))));
}
