import type { Polygons, TrueObject } from '../../datasets/truth';
import { fillPolygons } from '../../image/polygon-mask';
import { encodeRle, rleArea } from '../../image/rle';
import type { RleMask } from '../../results';
import { boxOverlaps, type CocoBox } from '../coco/box-overlap';
import { cocoSigmas, keypointOverlaps, type TrueJoint } from '../coco/keypoint-overlap';
import { maskOverlaps } from '../coco/mask-overlap';
import { quadArea, quadOverlaps } from '../quad-overlap';
import { vocOverlaps } from '../voc/box-overlap';
import { cocoBox, type Scene, type SceneObject } from './scene';

/** What is compared of objects. */
export interface Shape {
  /** Overlaps of what was found with what is true, row by row. */
  overlaps(scene: Scene): Float64Array;
  /** Whether a true object can be measured. */
  measures?(truth: TrueObject): boolean;
  /** In pixels. */
  area(found: SceneObject): number;
}

const crowdsOf = ({ truths }: Scene): boolean[] => truths.map(({ crowd }) => crowd);

export const boxes: Shape = {
  overlaps: (scene) =>
    boxOverlaps(
      scene.found.map(cocoBox),
      scene.truths.map(({ box }) => box),
      crowdsOf(scene),
    ),
  area: ({ box: [x1, y1, x2, y2] }) => (x2 - x1) * (y2 - y1),
};

/** As PaddleDetection measures them for VOC. */
export const vocBoxes: Shape = {
  overlaps: ({ found, truths }) =>
    vocOverlaps(
      found.map(cocoBox),
      truths.map(({ box }) => box),
    ),
  area: boxes.area,
};

/** A true object without a mask is left out: the data set has one that can't be used. */
export const masks: Shape = {
  measures: ({ mask }) => mask !== undefined,
  overlaps: (scene) =>
    maskOverlaps(
      scene.found.map((one) => one.mask ?? drawn([outlineOf(cocoBox(one))], scene.size)),
      scene.truths.map((truth) => maskOf(truth, scene.size)),
      crowdsOf(scene),
    ),
  area: (one) => (one.mask === undefined ? boxes.area(one) : rleArea(one.mask)),
};

/** Rotated boxes; those without corners are upright. */
export const quads: Shape = {
  overlaps: (scene) =>
    quadOverlaps(
      scene.found.map((one) => one.corners ?? outlineOf(cocoBox(one))),
      scene.truths.map(({ corners, box }) => corners ?? outlineOf(box)),
      crowdsOf(scene),
    ),
  area: (one) => (one.corners === undefined ? boxes.area(one) : quadArea(one.corners)),
};

/**
 * People's joints. Their area is the extent of all joints, as pycocotools has it for records without `bbox`, which
 * PaddleDetection's `KeyPointTopDownCOCOEval` writes. The sigmas are COCO's for 17 joints, otherwise 1 ÷ their number.
 */
export const people: Shape = {
  overlaps: ({ found, truths }) => {
    const real = truths.map(({ keypoints = [], area, box }) => ({ joints: jointsOf(keypoints), area, box }));
    const joints = Math.max(0, ...real.map((person) => person.joints.length));
    const sigmas = joints === cocoSigmas.length ? cocoSigmas : Array<number>(joints).fill(1 / joints);
    return keypointOverlaps(
      found.map(({ keypoints = [] }) => keypoints),
      real,
      sigmas,
    );
  },
  area: ({ keypoints = [] }) => {
    if (keypoints.length === 0) return 0;
    const [xs, ys] = [keypoints.map(({ x }) => x), keypoints.map(({ y }) => y)];
    return (Math.max(...xs) - Math.min(...xs)) * (Math.max(...ys) - Math.min(...ys));
  },
};

function jointsOf(flat: readonly number[]): TrueJoint[] {
  return Array.from({ length: Math.floor(flat.length / 3) }, (_, i) => ({
    x: flat[i * 3] as number,
    y: flat[i * 3 + 1] as number,
    visibility: flat[i * 3 + 2] as number,
  }));
}

function outlineOf([x, y, width, height]: CocoBox): number[] {
  return [x, y, x + width, y, x + width, y + height, x, y + height];
}

function maskOf({ mask = [] }: TrueObject, size: Scene['size']): RleMask {
  return isRle(mask) ? mask : drawn(mask, size);
}

function isRle(mask: Polygons | RleMask): mask is RleMask {
  return 'counts' in mask;
}

function drawn(polygons: Polygons, { width, height }: Scene['size']): RleMask {
  return encodeRle(fillPolygons(polygons, width, height));
}
