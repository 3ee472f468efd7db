import { rapidOcrFrame } from '../preprocess/ocr/rapid-ocr';
import { rint } from '../preprocess/rounding';
import type { TextRegion } from '../results';
import type { TextPreset } from '../spec/text-presets';

export type TextCorners = TextRegion['polygon'];

interface Size {
  readonly width: number;
  readonly height: number;
}

/** How polygons get from the map to the image. */
export interface Placement {
  /** From the map to the image in which text is detected; undefined: it is dropped. */
  scale(polygon: TextCorners): TextCorners | undefined;
  /** From there to the original image, after the regions were put in order. */
  finish(polygon: TextCorners): TextCorners;
}

export function placementOf(preset: TextPreset, map: Size, image: Size): Placement {
  return preset === 'rapidocr' ? likeRapidOcr(map, image) : likePaddlex(map, image);
}

/** PaddleX scales in double precision, rounds half to even, and clips to the image's size. */
function likePaddlex(map: Size, image: Size): Placement {
  const [scaleX, scaleY] = [image.width / map.width, image.height / map.height];
  return {
    scale: (polygon) =>
      polygon.map(([x, y]) => [clip(rint(x * scaleX), image.width), clip(rint(y * scaleY), image.height)] as const),
    finish: (polygon) => polygon,
  };
}

/**
 * RapidOCR scales in float32 to the image that it detects in, puts corners in order, drops what is 3 pixels wide or
 * less, and then returns to the original image.
 */
function likeRapidOcr(map: Size, image: Size): Placement {
  const frame = rapidOcrFrame(image);
  const [ratioX, ratioY] = [image.width / frame.content.width, image.height / frame.content.height].map(
    Math.fround,
  ) as [number, number];
  return {
    scale(polygon) {
      const scaled = polygon.map(
        ([x, y]) => [scaleSingle(x, map.width, frame.width), scaleSingle(y, map.height, frame.height)] as const,
      );
      return withClippedCorners(inOrder(scaled), frame);
    },
    finish: (polygon) =>
      polygon.map(([x, y]) => {
        const [left, top] = [Math.fround(x * ratioX), Math.fround(Math.fround(y - frame.top) * ratioY)];
        return [clip(left, image.width), clip(top, image.height)] as const;
      }),
  };
}

function clip(value: number, most: number): number {
  return Math.max(0, Math.min(value, most));
}

function scaleSingle(value: number, from: number, to: number): number {
  return clip(rint(Math.fround(Math.fround(value / from) * to)), to);
}

/** The two points at the left, then those at the right, each pair from top to bottom; clockwise from the top left. */
function inOrder(points: readonly (readonly [number, number])[]): readonly (readonly [number, number])[] {
  const sorted = points.toSorted(([a], [b]) => a - b);
  const [topLeft, bottomLeft] = sorted.slice(0, 2).toSorted(([, a], [, b]) => a - b);
  const [topRight, bottomRight] = sorted.slice(2).toSorted(([, a], [, b]) => a - b);
  return [topLeft, topRight, bottomRight, bottomLeft].flatMap((point) => (point === undefined ? [] : [point]));
}

function withClippedCorners(points: TextCorners, { width, height }: Size): TextCorners | undefined {
  const corners = points.map(([x, y]) => [clip(x, width - 1), clip(y, height - 1)] as const);
  const [first, second, , last] = corners as [Corner, Corner, Corner, Corner];
  return distance(first, second) <= 3 || distance(first, last) <= 3 ? undefined : corners;
}

type Corner = readonly [number, number];

/** In whole pixels. */
function distance([x1, y1]: Corner, [x2, y2]: Corner): number {
  return Math.trunc(Math.sqrt((x1 - x2) ** 2 + (y1 - y2) ** 2));
}
