/** The right detections of one class in the order of scores: what is reached with each. */
export interface Hits {
  readonly recalls: Float64Array;
  readonly precisions: Float64Array;
  readonly scores: Float64Array;
}

/** Area under the curve of precision by recall, with the greatest precision from each recall on. */
export function areaUnder({ recalls, precisions }: Hits): number {
  let [area, best] = [0, 0];
  for (let i = recalls.length - 1; i >= 0; i--) {
    best = Math.max(best, precisions[i] as number);
    area += best * ((recalls[i] as number) - (i === 0 ? 0 : (recalls[i - 1] as number)));
  }
  return area;
}
