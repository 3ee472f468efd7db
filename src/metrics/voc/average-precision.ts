/** How the area under the curve of precision by recall is measured: all of it, or at 11 recalls as in VOC 2007. */
export type VocRule = 'integral' | '11point';

/**
 * Average precision as PaddleDetection's `DetectionMAP` has it. Unlike VOC's own tools, `integral` takes the precision at
 * each step of the recall as it is, not the greatest from there on; `11point` takes the greatest precision at the recalls
 * 0, 0.1 … 1.
 *
 * @param right whether each detection is right, best score first
 */
export function vocAveragePrecision(right: ArrayLike<number>, truths: number, rule: VocRule): number {
  const count = right.length;
  const [precisions, recalls] = [new Float64Array(count), new Float64Array(count)];
  let found = 0;
  for (let i = 0; i < count; i++) {
    if (right[i] !== 0) found++;
    precisions[i] = found / (i + 1);
    recalls[i] = found / truths;
  }
  return rule === 'integral' ? integral(precisions, recalls) : at11Points(precisions, recalls);
}

function integral(precisions: Float64Array, recalls: Float64Array): number {
  let [area, reached] = [0, 0];
  for (let i = 0; i < precisions.length; i++) {
    const step = (recalls[i] as number) - reached;
    // DetectionMAP does not count steps this small, and keeps them for the next one.
    if (step <= 1e-6) continue;
    area += (precisions[i] as number) * step;
    reached = recalls[i] as number;
  }
  return area;
}

/**
 * From the highest recall down, each point starts with the precision of the one above. As in `DetectionMAP`, it does not
 * if every detection down from the last start reaches the point above.
 */
function at11Points(precisions: Float64Array, recalls: Float64Array): number {
  let [last, sum, greatest] = [precisions.length - 1, 0, 0];
  for (let point = 10; point >= 0; point--) {
    let i = last;
    for (; i >= 0 && (recalls[i] as number) >= point / 10; i--) greatest = Math.max(greatest, precisions[i] as number);
    sum += greatest;
    if (i < 0) greatest = 0;
    else last = i;
  }
  return sum / 11;
}
