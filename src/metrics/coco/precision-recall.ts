import { recallPoints } from './parameters';

/** All detections of one class over all images, best score first. */
export interface RankedDetections {
  readonly scores: Float64Array;
  /** A bit for each threshold at which a detection matched. */
  readonly matched: Uint16Array;
  /** A bit for each threshold at which it does not count. */
  readonly ignored: Uint16Array;
  /** True objects of the class. */
  readonly truths: number;
}

/** Precision at each of COCO's 101 recalls, and the recall that all detections together reach. */
export interface PrecisionCurve {
  readonly precision: Float64Array;
  /** Score of the detection at which each recall was reached; 0 where none did. */
  readonly scores: Float64Array;
  readonly recall: number;
}

/** numpy's `spacing(1)`, by which pycocotools keeps a denominator from being 0. */
const spacing = 2 ** -52;

/** As pycocotools' `COCOeval.accumulate` for one threshold. */
export function precisionCurve(
  { scores, matched, ignored, truths }: RankedDetections,
  threshold: number,
): PrecisionCurve {
  const bit = 1 << threshold;
  const recalls = new Float64Array(scores.length);
  const precisions = new Float64Array(scores.length);
  let [right, wrong] = [0, 0];
  for (let i = 0; i < scores.length; i++) {
    if (((ignored[i] as number) & bit) === 0) {
      if (((matched[i] as number) & bit) !== 0) right++;
      else wrong++;
    }
    recalls[i] = right / truths;
    precisions[i] = right / (wrong + right + spacing);
  }
  for (let i = scores.length - 1; i > 0; i--) {
    if ((precisions[i] as number) > (precisions[i - 1] as number)) precisions[i - 1] = precisions[i] as number;
  }
  const precision = new Float64Array(recallPoints.length);
  const reachedAt = new Float64Array(recallPoints.length);
  let place = 0;
  for (const [i, wanted] of recallPoints.entries()) {
    while (place < scores.length && (recalls[place] as number) < wanted) place++;
    if (place === scores.length) break;
    precision[i] = precisions[place] as number;
    reachedAt[i] = scores[place] as number;
  }
  return { precision, scores: reachedAt, recall: recalls.at(-1) ?? 0 };
}
