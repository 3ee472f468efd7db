import type { CocoBox } from './box-overlap';

/** A joint as COCO has it: 0 not labelled, 1 labelled but hidden, 2 seen. */
export interface TrueJoint {
  readonly x: number;
  readonly y: number;
  readonly visibility: number;
}

export interface TruePerson {
  readonly joints: readonly TrueJoint[];
  readonly area: number;
  readonly box: CocoBox;
}

/** How far annotators differ at each of COCO's 17 joints (`kpt_oks_sigmas`). */
export const cocoSigmas: readonly number[] = [
  ...[0.026, 0.025, 0.025, 0.035, 0.035, 0.079, 0.079, 0.072, 0.072],
  ...[0.062, 0.062, 0.107, 0.107, 0.087, 0.087, 0.089, 0.089],
];

/** numpy's `spacing(1)`, which pycocotools adds to each area. */
const spacing = 2 ** -52;

/**
 * Object keypoint similarity (OKS) as pycocotools' `computeOks`: how near joints are to the true ones, by the person's
 * size. Without a labelled joint, those outside of twice the person's box are far.
 */
export function keypointOverlaps(
  found: readonly (readonly { readonly x: number; readonly y: number }[])[],
  truths: readonly TruePerson[],
  sigmas: readonly number[] = cocoSigmas,
): Float64Array {
  const overlaps = new Float64Array(found.length * truths.length);
  const variances = sigmas.map((sigma) => (sigma * 2) ** 2);
  for (const [g, truth] of truths.entries()) {
    for (const [d, joints] of found.entries()) {
      overlaps[d * truths.length + g] = similarity(joints, truth, variances);
    }
  }
  return overlaps;
}

function similarity(
  found: readonly { readonly x: number; readonly y: number }[],
  { joints, area, box: [left, top, width, height] }: TruePerson,
  variances: readonly number[],
): number {
  const labelled = joints.some(({ visibility }) => visibility > 0);
  let [sum, count] = [0, 0];
  for (const [i, { x, y, visibility }] of joints.entries()) {
    if (labelled && visibility <= 0) continue;
    const at = found[i] ?? { x: 0, y: 0 };
    const dx = labelled ? at.x - x : beyond(at.x, left - width, left + 2 * width);
    const dy = labelled ? at.y - y : beyond(at.y, top - height, top + 2 * height);
    sum += Math.exp(-((dx ** 2 + dy ** 2) / (variances[i] as number) / (area + spacing) / 2));
    count++;
  }
  return count === 0 ? 0 : sum / count;
}

/** How far a place is outside of a range. */
function beyond(place: number, least: number, most: number): number {
  return Math.max(0, least - place) + Math.max(0, place - most);
}
