import { rleArea } from '../../image/rle';
import type { RleMask } from '../../results';
import { boxOverlaps, type CocoBox } from './box-overlap';
import { CocoEvaluator, type FoundObjects, type OverlapsOf } from './evaluator';
import { keypointOverlaps, type TrueJoint } from './keypoint-overlap';
import { maskOverlaps } from './mask-overlap';
import type { TrueObject } from './match';
import { keypointParameters, objectParameters } from './parameters';
import type { CocoKeypoints, CocoObject } from './records';

/** What overlaps are measured of. */
export type CocoKind = 'bbox' | 'segm' | 'keypoints';

/** A true object in COCO's format. */
export interface CocoAnnotation {
  readonly image_id: number;
  readonly category_id: number;
  readonly bbox: CocoBox;
  readonly area: number;
  readonly iscrowd?: 0 | 1;
  readonly segmentation?: RleMask;
  /** x, y and visibility of each joint, one after another. */
  readonly keypoints?: readonly number[];
  readonly num_keypoints?: number;
}

/** What was found, in COCO's format of results. */
export type CocoFound = CocoObject | CocoKeypoints;

interface Group {
  readonly truths: CocoAnnotation[];
  readonly found: CocoFound[];
}

/**
 * Evaluates records of results against a data set as pycocotools does, image by image in the order of their numbers.
 *
 * @param imageIds the images that are evaluated
 */
export function evaluateRecords(
  kind: CocoKind,
  imageIds: readonly number[],
  truths: readonly CocoAnnotation[],
  found: readonly CocoFound[],
): CocoEvaluator {
  const evaluator = new CocoEvaluator(kind === 'keypoints' ? keypointParameters : objectParameters);
  const groups = new Map<string, Group>();
  const groupOf = (image: number, category: number): Group => {
    const key = `${image} ${category}`;
    const group = groups.get(key) ?? { truths: [], found: [] };
    groups.set(key, group);
    return group;
  };
  for (const truth of truths) groupOf(truth.image_id, truth.category_id).truths.push(truth);
  for (const one of found) groupOf(one.image_id, one.category_id).found.push(one);
  const categories = [...new Set([...truths, ...found].map(({ category_id }) => category_id))].sort((a, b) => a - b);
  const images = [...new Set(imageIds)].sort((a, b) => a - b);
  for (const category of categories) {
    for (const [index, image] of images.entries()) {
      const group = groups.get(`${image} ${category}`);
      if (group !== undefined) addGroup(evaluator, kind, index, category, group);
    }
  }
  return evaluator;
}

function addGroup(
  evaluator: CocoEvaluator,
  kind: CocoKind,
  image: number,
  category: number,
  { truths, found }: Group,
): void {
  const scored: FoundObjects = {
    scores: found.map(({ score }) => score),
    areas: found.map((one) => areaOf(kind, one)),
  };
  const objects = truths.map((truth): TrueObject => {
    const crowd = truth.iscrowd === 1;
    return { area: truth.area, crowd, ignored: crowd || (kind === 'keypoints' && truth.num_keypoints === 0) };
  });
  evaluator.add(image, category, scored, objects, overlapsOf(kind, truths, found));
}

function areaOf(kind: CocoKind, found: CocoFound): number {
  if (kind === 'keypoints') {
    const joints = jointsOf((found as CocoKeypoints).keypoints);
    const [xs, ys] = [joints.map(({ x }) => x), joints.map(({ y }) => y)];
    return (Math.max(...xs) - Math.min(...xs)) * (Math.max(...ys) - Math.min(...ys));
  }
  const { bbox, segmentation } = found as CocoObject;
  if (kind === 'segm') return rleArea(segmentation as RleMask);
  return (bbox[2] as number) * (bbox[3] as number);
}

function overlapsOf(kind: CocoKind, truths: readonly CocoAnnotation[], found: readonly CocoFound[]): OverlapsOf {
  const crowds = truths.map(({ iscrowd }) => iscrowd === 1);
  return (order) => {
    const chosen = order.map((index) => found[index] as CocoFound);
    switch (kind) {
      case 'bbox':
        return boxOverlaps(
          (chosen as CocoObject[]).map(({ bbox }) => bbox as unknown as CocoBox),
          truths.map(({ bbox }) => bbox),
          crowds,
        );
      case 'segm':
        return maskOverlaps(
          (chosen as CocoObject[]).map(({ segmentation }) => segmentation as RleMask),
          truths.map(({ segmentation }) => segmentation as RleMask),
          crowds,
        );
      case 'keypoints':
        return keypointOverlaps(
          (chosen as CocoKeypoints[]).map(({ keypoints }) => jointsOf(keypoints)),
          truths.map(({ keypoints = [], area, bbox }) => ({ joints: jointsOf(keypoints), area, box: bbox })),
        );
    }
  };
}

function jointsOf(flat: readonly number[]): TrueJoint[] {
  return Array.from({ length: Math.floor(flat.length / 3) }, (_, i) => {
    const [x = 0, y = 0, visibility = 0] = flat.slice(i * 3, i * 3 + 3);
    return { x, y, visibility };
  });
}

/** COCO's twelve figures of boxes and masks, or ten of joints, in pycocotools' order; −1 where there is none. */
export function cocoStatistics(kind: CocoKind, evaluator: CocoEvaluator): number[] {
  const { averagePrecision: precision, averageRecall: recall } = {
    averagePrecision: (at: Parameters<CocoEvaluator['averagePrecision']>[0]) => evaluator.averagePrecision(at) ?? -1,
    averageRecall: (at: Parameters<CocoEvaluator['averageRecall']>[0]) => evaluator.averageRecall(at) ?? -1,
  };
  const at50and75 = [precision({ threshold: 0 }), precision({ threshold: 5 })];
  if (kind === 'keypoints') {
    const recalls = [recall({}), recall({ threshold: 0 }), recall({ threshold: 5 })];
    return [
      ...[precision({}), ...at50and75, precision({ area: 1 }), precision({ area: 2 })],
      ...[...recalls, recall({ area: 1 }), recall({ area: 2 })],
    ];
  }
  const bySize = [1, 2, 3];
  return [
    ...[precision({}), ...at50and75, ...bySize.map((area) => precision({ area }))],
    ...[0, 1, 2].map((most) => recall({ most })),
    ...bySize.map((area) => recall({ most: 2, area })),
  ];
}
