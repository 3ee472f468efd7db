import { classColor, type Rgb } from '../display/palette';

/** Pairs of joints, by index, that are connected by a line. */
export type SkeletonBones = readonly (readonly [from: number, to: number])[];

/**
 * COCO's 17 joints as PaddleDetection's script connects them: nose, eyes, ears, shoulders, elbows, wrists, hips, knees,
 * ankles.
 */
const cocoOfScript: SkeletonBones = [
  [0, 1],
  [0, 2],
  [1, 3],
  [2, 4],
  [3, 5],
  [4, 6],
  [5, 7],
  [6, 8],
  [7, 9],
  [8, 10],
  [5, 11],
  [6, 12],
  [11, 13],
  [12, 14],
  [13, 15],
  [14, 16],
  [11, 12],
];

/** MPII's 16 joints: from the right ankle up to the head, then the arms. */
const mpii: SkeletonBones = [
  [0, 1],
  [1, 2],
  [3, 4],
  [4, 5],
  [2, 6],
  [3, 6],
  [6, 7],
  [7, 8],
  [8, 9],
  [10, 11],
  [11, 12],
  [13, 14],
  [14, 15],
  [8, 12],
  [8, 13],
];

/** With the line between the shoulders, which the script omits. */
const coco: SkeletonBones = [...cocoOfScript, [5, 6]];

/** The bones of the two body models used by Paddle's exports; none for another number of joints. */
export function skeletonFor(joints: number): SkeletonBones {
  return joints === 17 ? coco : joints === 16 ? mpii : [];
}

/** The bones that PaddleDetection's script draws. */
export function skeletonOfScript(joints: number): SkeletonBones {
  return joints === 17 ? cocoOfScript : skeletonFor(joints);
}

/** A colour for each bone. */
export function boneColor(index: number): Rgb {
  return classColor(index);
}
