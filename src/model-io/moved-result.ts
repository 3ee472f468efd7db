import { movedMask } from '../image/moved-mask';
import type { Box, Person, PredictResult, RleMask } from '../results';

interface Offset {
  readonly left: number;
  readonly top: number;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

type Place = readonly [x: number, y: number];

/**
 * The result of a part of an image in pixels of the whole image. What has no places there stays as it is: classes, tensors,
 * unwarped images, the content of custom tasks.
 */
export function movedResult<R extends PredictResult>(result: R, by: Offset, image: Size): R {
  return moved(result, by, { width: image.width, height: image.height }) as R;
}

function moved(result: PredictResult, by: Offset, image: Size): PredictResult {
  const { classes, detections, people, segments, regions, lines, cells, characters } = result;
  const places = { classes, detections, people, segments, regions, lines, cells, characters };
  if (Object.values(places).every((part) => part === undefined)) return result;
  const polygon = <P extends WithPolygon>(item: P): P => ({ ...item, polygon: movedPlaces(item.polygon, by) });
  const pixels = image.width * image.height;
  return {
    ...result,
    image,
    ...(detections && { detections: (detections as readonly Movable[]).map((item) => movedObject(item, by, image)) }),
    ...(people && { people: people.map((person) => movedPerson(person, by)) }),
    ...(segments && {
      segments: segments.map((segment) => {
        return { ...segment, fraction: segment.area / pixels, mask: movedMask(segment.mask, by, image) };
      }),
    }),
    ...(regions && { regions: regions.map(polygon) }),
    ...(lines && { lines: lines.map((line) => ({ ...polygon(line), characters: line.characters.map(polygon) })) }),
    ...(cells && { cells: (cells as readonly WithPolygon[]).map(polygon) }),
    ...(characters && {
      characters: characters.map((one) => ({ ...one, start: one.start + by.left, end: one.end + by.left })),
    }),
  } as PredictResult;
}

interface WithPolygon {
  readonly polygon: readonly Place[];
}

function movedPlaces(places: readonly Place[], { left, top }: Offset): Place[] {
  return places.map(([x, y]) => [x + left, y + top]);
}

/** An object of a part of an image in pixels of the whole image, with its mask, corners and landmarks. */
export function movedObject<D extends Movable>(item: D, by: Offset, image: Size): D {
  const { mask, corners, landmarks, result } = item;
  return {
    ...item,
    box: movedBox(item.box, by),
    ...(landmarks !== undefined && { landmarks: movedPlaces(landmarks, by) }),
    ...(mask !== undefined && { mask: movedMask(mask, by, image) }),
    ...(corners !== undefined && { corners: corners.map((at, i) => at + (i % 2 === 0 ? by.left : by.top)) }),
    ...(result !== undefined && { result: moved(result, by, image) }),
  };
}

interface Movable {
  readonly box: Box;
  readonly landmarks?: readonly Place[];
  readonly mask?: RleMask;
  readonly corners?: readonly number[];
  readonly result?: PredictResult;
}

export function movedPerson({ keypoints, box, score }: Person, by: Offset): Person {
  return {
    score,
    keypoints: keypoints.map((joint) => ({ ...joint, x: joint.x + by.left, y: joint.y + by.top })),
    box: movedBox(box, by),
  };
}

function movedBox([x1, y1, x2, y2]: Box, { left, top }: Offset): Box {
  return [x1 + left, y1 + top, x2 + left, y2 + top];
}
