import { ignoredPixel } from '../datasets/mask-png';
import { type ImageTruth, type LabelPixels, outlineOf, type Polygons, type TrueObject } from '../datasets/truth';
import { encodeLabelMap } from '../image/label-map';
import { fillPolygons } from '../image/polygon-mask';
import { encodeRle } from '../image/rle';
import { anyText, checkedLater, listOf, type OptionChecks, readOptions } from '../options';
import type { Box, PredictResult, RleMask, Segment, Task } from '../results';
import { checkInteger, invalidArgument } from '../validate';

/** Options of `truthAsResult`. */
export interface TruthAsResultOptions {
  /** Size of the image in pixels. */
  readonly size: { readonly width: number; readonly height: number };
  /** Names of the classes by their numbers; a class without a name gets its number. */
  readonly labels?: readonly string[];
  /**
   * What objects become. Default: `rotated-detection` if all have corners and no mask, `instance-segmentation` if all
   * have masks, `keypoints` if all have joints, else `detection`. `text`: lines of text.
   */
  readonly task?: Task | 'text';
}

const checks = {
  size: (option, size) => {
    if (typeof size !== 'object' || size === null) throw invalidArgument(option, 'width and height', size);
    const { width, height } = size as { readonly width?: unknown; readonly height?: unknown };
    return { width: checkInteger(`${option}.width`, width, 1), height: checkInteger(`${option}.height`, height, 1) };
  },
  labels: listOf('array of class names', anyText),
  // Which tasks are possible depends on the truth.
  task: checkedLater,
} satisfies OptionChecks<TruthAsResultOptions>;

const objectsTasks = [
  'detection',
  'rotated-detection',
  'instance-segmentation',
  'keypoints',
  'text-detection',
  'text',
] as const;

type ObjectsTask = (typeof objectsTasks)[number];

/** The fields that all truth shares with results. */
const base = {
  threshold: 0,
  timings: { decodeMs: 0, preprocessMs: 0, inferenceMs: 0, postprocessMs: 0 },
} as const;

/**
 * What is true of an image as a result like those of `predict`, with all scores 1: to draw it beside a prediction.
 * Objects that lack what the task needs, such as a mask, are not in it.
 *
 * @throws PaddleLabError INVALID_ARGUMENT for a task that this truth does not have
 *
 * @example
 * import { truthAsResult } from 'paddlelab';
 * const result = truthAsResult({ kind: 'classes', classIds: [1] }, { size: { width: 4, height: 3 }, labels: ['cat', 'dog'] });
 * result.classes; // [ { classId: 1, label: 'dog', score: 1 } ]
 */
export function truthAsResult(truth: ImageTruth, options: TruthAsResultOptions): PredictResult {
  const { size, labels = [], task } = readOptions('truthAsResult', options, checks);
  const labelOf = (classId: number): string => labels[classId] ?? String(classId);
  const shared = { ...base, image: { width: size.width, height: size.height }, labels };
  switch (truth.kind) {
    case 'classes': {
      refuseOther(task, ['classification']);
      const classes = truth.classIds.map((classId) => ({ classId, label: labelOf(classId), score: 1 }));
      return { ...shared, kind: 'classification', classes };
    }
    case 'text':
      refuseOther(task, ['text-recognition']);
      return { ...shared, kind: 'text-recognition', text: truth.text, score: 1, characters: [] };
    case 'pixels':
      refuseOther(task, ['semantic-segmentation']);
      return { ...shared, kind: 'semantic-segmentation', segments: segmentsOf(truth.pixels, labelOf) };
    case 'objects': {
      refuseOther(task, objectsTasks);
      const kind = (task as ObjectsTask | undefined) ?? taskOf(truth.objects);
      return objectsResult(kind, truth.objects, shared, labelOf);
    }
  }
}

function refuseOther(task: Task | 'text' | undefined, possible: readonly (Task | 'text')[]): void {
  if (task === undefined || possible.includes(task)) return;
  throw invalidArgument('task', `${possible.join(' or ')}, as the truth has`, task);
}

function taskOf(objects: readonly TrueObject[]): ObjectsTask {
  const all = (has: (object: TrueObject) => boolean): boolean => objects.length > 0 && objects.every(has);
  if (all(({ corners, mask }) => corners !== undefined && mask === undefined)) return 'rotated-detection';
  if (all(({ mask }) => mask !== undefined)) return 'instance-segmentation';
  return all(({ keypoints }) => keypoints !== undefined) ? 'keypoints' : 'detection';
}

type Shared = typeof base & Pick<PredictResult, 'image' | 'labels'>;

function objectsResult(
  kind: ObjectsTask,
  objects: readonly TrueObject[],
  shared: Shared,
  labelOf: (classId: number) => string,
): PredictResult {
  const named = ({ classId, box: [x, y, width, height] }: TrueObject) => {
    const box: Box = [x, y, x + width, y + height];
    return { classId, label: labelOf(classId), score: 1, box };
  };
  switch (kind) {
    case 'detection':
      return { ...shared, kind, detections: objects.map(named) };
    case 'rotated-detection':
      return {
        ...shared,
        kind,
        detections: objects.flatMap((object) =>
          object.corners === undefined ? [] : [{ ...named(object), corners: object.corners }],
        ),
      };
    case 'instance-segmentation':
      return {
        ...shared,
        kind,
        detections: objects.flatMap((object) =>
          object.mask === undefined ? [] : [{ ...named(object), mask: runsOf(object.mask, shared.image) }],
        ),
      };
    case 'text-detection':
      return { ...shared, kind, regions: objects.map((object) => ({ polygon: pointsOf(object), score: 1 })) };
    case 'text': {
      const lines = objects.map(({ text = '', ...object }) => {
        return { polygon: pointsOf(object), text, score: 1, characters: [] };
      });
      return { ...shared, kind, lines, text: lines.map(({ text }) => text).join('\n') };
    }
    case 'keypoints':
      return {
        ...shared,
        kind,
        people: objects.flatMap((object) =>
          object.keypoints === undefined
            ? []
            : [{ score: 1, box: named(object).box, keypoints: jointsOf(object.keypoints) }],
        ),
      };
  }
}

/** A mask as run lengths over the whole image, to the pixel as pycocotools fills polygons. */
export function runsOf(mask: Polygons | RleMask, size: { readonly width: number; readonly height: number }): RleMask {
  return 'counts' in mask ? mask : encodeRle(fillPolygons(mask, size.width, size.height));
}

function pointsOf(object: TrueObject): (readonly [number, number])[] {
  const flat = outlineOf(object);
  return Array.from({ length: flat.length >> 1 }, (_, i) => [flat[2 * i] as number, flat[2 * i + 1] as number]);
}

/** Joints that are not labelled get a score of 0, so that they are not drawn. */
function jointsOf(keypoints: readonly number[]): { x: number; y: number; score: number }[] {
  return Array.from({ length: keypoints.length / 3 }, (_, joint) => {
    const [x = 0, y = 0, visibility = 0] = keypoints.slice(3 * joint, 3 * joint + 3);
    return { x, y, score: visibility > 0 ? 1 : 0 };
  });
}

function segmentsOf(pixels: LabelPixels, labelOf: (classId: number) => string): Segment[] {
  return encodeLabelMap(pixels)
    .filter(({ classId }) => classId !== ignoredPixel)
    .map(({ classId, area, mask }) => {
      return { classId, label: labelOf(classId), area, fraction: area / pixels.data.length, mask };
    })
    .sort((a, b) => b.area - a.area);
}
