import { fraction, listOf, type OptionChecks, readOptions } from '../../options';
import { invalidArgument } from '../../validate';
import { boneColor, type SkeletonBones, skeletonFor } from '../skeletons';
import type { Annotator } from './annotator';

/** The drawn joints and bones. */
export interface SkeletonOptions {
  /** Joints with a score below this are omitted; default 0.3. */
  readonly jointThreshold?: number;
  /** Pairs of connected joints; default: COCO's for 17 joints, MPII's for 16, none otherwise. */
  readonly bones?: SkeletonBones;
}

const checks = {
  jointThreshold: fraction,
  bones: listOf<SkeletonBones[number]>('array of pairs of joints', checkBone),
} satisfies OptionChecks<SkeletonOptions>;

function checkBone(name: string, bone: unknown): SkeletonBones[number] {
  if (Array.isArray(bone) && bone.length === 2 && bone.every((joint) => Number.isSafeInteger(joint) && joint >= 0))
    return bone as [number, number];
  throw invalidArgument(name, 'pair of numbers of joints', bone);
}

/** Draws each person's joints and bones, in colours that distinguish the limbs. */
export function createSkeleton(options: SkeletonOptions = {}): Annotator {
  const { jointThreshold: threshold = 0.3, bones: wanted } = readOptions('skeleton', options, checks);
  return (canvas, { objects, style }) => {
    for (const { keypoints } of objects.toReversed()) {
      if (keypoints === undefined) continue;
      const seen = (index: number) => {
        const joint = keypoints[index];
        return joint !== undefined && joint.score >= threshold ? joint : undefined;
      };
      const bones = wanted ?? skeletonFor(keypoints.length);
      bones.forEach(([from, to], index) => {
        const [a, b] = [seen(from), seen(to)];
        if (a === undefined || b === undefined) return;
        const ends = [[a.x, a.y] as const, [b.x, b.y] as const];
        canvas.line(ends, style.line * 1.6 + 2, [0, 0, 0], 0.55);
        canvas.line(ends, style.line * 1.6, boneColor(index));
      });
      keypoints.forEach(({ x, y }, index) => {
        if (seen(index) === undefined) return;
        canvas.circle([x, y], style.line * 1.9, [0, 0, 0], 0.7);
        canvas.circle([x, y], style.line * 1.4, [255, 255, 255]);
      });
    }
  };
}
