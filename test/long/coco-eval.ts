/** A detection or a true object in one image; `iou` compares them. */
export interface Scored {
  readonly classId: number;
  readonly score: number;
}

/** One image's true objects and detections. */
export interface ImagePair<Truth extends { readonly classId: number }, Found extends Scored> {
  readonly truth: readonly Truth[];
  readonly found: readonly Found[];
}

const thresholds = Array.from({ length: 10 }, (_, i) => 0.5 + 0.05 * i);
const recallSteps = 101;
const maxDetections = 100;

/** COCO's average precision over all sizes, as computed by pycocotools' `COCOeval`: `AP` and `AP50`, 0 to 1. */
export function averagePrecision<Truth extends { readonly classId: number }, Found extends Scored>(
  images: readonly ImagePair<Truth, Found>[],
  iou: (truth: Truth, found: Found) => number,
): { readonly ap: number; readonly ap50: number } {
  const classes = [...new Set(images.flatMap(({ truth }) => truth.map(({ classId }) => classId)))];
  const table = classes.map((classId) => precisionsOf(images, classId, iou));
  const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
  return { ap: mean(table.flat()), ap50: mean(table.map((row) => row[0]!)) };
}

/** For each threshold of IoU, the average precision of a class. */
function precisionsOf<Truth extends { readonly classId: number }, Found extends Scored>(
  images: readonly ImagePair<Truth, Found>[],
  classId: number,
  iou: (truth: Truth, found: Found) => number,
): number[] {
  let objects = 0;
  const matches: { score: number; hits: boolean[] }[] = [];
  for (const image of images) {
    const truth = image.truth.filter((item) => item.classId === classId);
    const found = image.found.filter((item) => item.classId === classId).sort((a, b) => b.score - a.score);
    objects += truth.length;
    const best = found.slice(0, maxDetections);
    const overlaps = best.map((item) => truth.map((object) => iou(object, item)));
    const hits = thresholds.map((threshold) => matchGreedily(overlaps, threshold));
    best.forEach(({ score }, i) => {
      matches.push({ score, hits: hits.map((row) => row[i]!) });
    });
  }
  matches.sort((a, b) => b.score - a.score);
  return thresholds.map((_, t) =>
    interpolated(
      matches.map(({ hits }) => hits[t]!),
      objects,
    ),
  );
}

/** Whether each detection, best first, matches an object that is not matched yet. */
function matchGreedily(overlaps: readonly (readonly number[])[], threshold: number): boolean[] {
  const taken = new Set<number>();
  return overlaps.map((row) => {
    let best = -1;
    let bestIou = Math.min(threshold, 1 - 1e-10);
    row.forEach((value, object) => {
      if (taken.has(object) || value < bestIou) return;
      best = object;
      bestIou = value;
    });
    if (best >= 0) taken.add(best);
    return best >= 0;
  });
}

/** The mean precision at 101 recall levels; at each, the best precision at that recall or higher. */
function interpolated(hits: readonly boolean[], objects: number): number {
  let right = 0;
  const recall: number[] = [];
  const precision: number[] = [];
  hits.forEach((hit, i) => {
    if (hit) right++;
    recall.push(right / objects);
    precision.push(right / (i + 1));
  });
  for (let i = precision.length - 2; i >= 0; i--) precision[i] = Math.max(precision[i]!, precision[i + 1]!);
  let at = 0;
  let sum = 0;
  for (let step = 0; step < recallSteps; step++) {
    while (at < recall.length && recall[at]! < step / (recallSteps - 1)) at++;
    sum += precision[at] ?? 0;
  }
  return sum / recallSteps;
}
