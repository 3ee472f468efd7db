import { classColor, type Rgb } from '../display/palette';

/** Pairs of joints, by index, that are connected by a line. */
export type SkeletonBones = readonly (readonly [from: number, to: number])[];

/** COCO's 17 joints: nose, eyes, ears, shoulders, elbows, wrists, hips, knees, ankles. */
const coco: SkeletonBones = [
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

/** The bones of the two body models used by Paddle's exports; none for another number of joints. */
export function skeletonFor(joints: number): SkeletonBones {
  return joints === 17 ? coco : joints === 16 ? mpii : [];
}

/** A colour for each bone. */
export function boneColor(index: number): Rgb {
  return classColor(index);
}
