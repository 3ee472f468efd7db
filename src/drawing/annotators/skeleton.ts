import { checkNumber, checkOptions, invalidArgument } from '../../validate';
import { boneColor, type SkeletonBones, skeletonFor } from '../skeletons';
import type { Annotator } from './annotator';

/** Which joints are drawn, and what joins them. */
export interface SkeletonOptions {
  /** Joints with a score below this are left out; default 0.3. */
  readonly jointThreshold?: number;
  /** Pairs of joints that are joined; default: COCO's for 17 joints, MPII's for 16, none otherwise. */
  readonly bones?: SkeletonBones;
}

/** Draws each person's joints and what joins them, in colours that tell the limbs apart. */
export function createSkeleton(options: SkeletonOptions = {}): Annotator {
  checkOptions('skeleton', options, ['jointThreshold', 'bones']);
  const threshold = checkNumber('jointThreshold', options.jointThreshold ?? 0.3, 0, 1);
  if (options.bones !== undefined && !Array.isArray(options.bones)) {
    throw invalidArgument('bones', 'array of pairs of joints', options.bones);
  }
  return (canvas, { objects, style }) => {
    for (const { keypoints } of objects.toReversed()) {
      if (keypoints === undefined) continue;
      const seen = (index: number) => {
        const joint = keypoints[index];
        return joint !== undefined && joint.score >= threshold ? joint : undefined;
      };
      const bones = options.bones ?? skeletonFor(keypoints.length);
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
