import type { ImageTruth, TrueObject } from '../datasets/truth';
import { decodeImage } from '../image/image';
import { type Crop, cropPixels } from '../image/raw-pixels';
import { type CheckedOptions, type Outcome, type Predictor, predictOutcomes } from '../predict/predict-batch';
import type { SessionPool } from '../predict/session-pool';
import type { KeypointsResult, Person, ResultByTask, Task } from '../results';

/** The share by which a box is enlarged. */
const expandRatio = 0.3;

/**
 * The part of the image around a person, by `expand_crop` of PaddleDetection's deploy scripts: enlarged by 0.3, a narrow
 * one to three quarters of its height, cut at the image; undefined if nothing is left.
 *
 * @param box x, y, width and height
 */
export function personCrop(
  [x, y, boxWidth, boxHeight]: TrueObject['box'],
  image: { readonly width: number; readonly height: number },
): Crop | undefined {
  const [x1, y1, x2, y2] = [x, y, x + boxWidth, y + boxHeight].map(Math.trunc) as [number, number, number, number];
  const halfHeight = ((y2 - y1) * (1 + expandRatio)) / 2;
  const own = ((x2 - x1) * (1 + expandRatio)) / 2;
  const halfWidth = halfHeight > (own * 4) / 3 ? halfHeight * 0.75 : own;
  const [centreX, centreY] = [(x1 + x2) / 2, (y1 + y2) / 2];
  const [left, top] = [Math.max(0, Math.trunc(centreX - halfWidth)), Math.max(0, Math.trunc(centreY - halfHeight))];
  const width = Math.min(image.width - 1, Math.trunc(centreX + halfWidth)) - left;
  const height = Math.min(image.height - 1, Math.trunc(centreY + halfHeight)) - top;
  return width > 0 && height > 0 ? { left, top, width, height } : undefined;
}

/**
 * The joints of every person whose joints are labelled, each in the crop around its true box: a top-down model takes one
 * person at a time, and the figures should not depend on a detector.
 */
export async function predictPeople<T extends Task>(
  model: Predictor<T>,
  sessions: SessionPool,
  file: string,
  truth: ImageTruth,
  options: CheckedOptions,
): Promise<Outcome<ResultByTask[T]>> {
  const pixels = await decodeImage(file);
  const crops = boxesOf(truth).flatMap((box) => personCrop(box, pixels) ?? []);
  const people: Person[] = [];
  const base: Omit<KeypointsResult, 'people'> = {
    kind: 'keypoints',
    image: { width: pixels.width, height: pixels.height },
    threshold: 0,
    labels: model.spec.labels,
    timings: { decodeMs: 0, preprocessMs: 0, inferenceMs: 0, postprocessMs: 0 },
  };
  for (const crop of crops) {
    const [outcome] = await predictOutcomes(model, sessions, [cropPixels(pixels, crop)], { ...options, batchSize: 1 });
    if (outcome?.kind === 'failed') return outcome;
    const found = outcome?.result as KeypointsResult | undefined;
    people.push(...(found?.people ?? []).map((person) => moved(person, crop)));
  }
  return { kind: 'result', result: { ...base, people } as KeypointsResult as ResultByTask[T], pixels };
}

function boxesOf(truth: ImageTruth): TrueObject['box'][] {
  if (truth.kind !== 'objects') return [];
  return truth.objects.flatMap(({ box, crowd, keypoints = [] }) => {
    const labelled = keypoints.some((value, i) => i % 3 === 2 && value > 0);
    return labelled && !crowd ? [box] : [];
  });
}

function moved({ keypoints, box: [x1, y1, x2, y2], score }: Person, { left, top }: Crop): Person {
  return {
    score,
    keypoints: keypoints.map((joint) => ({ ...joint, x: joint.x + left, y: joint.y + top })),
    box: [x1 + left, y1 + top, x2 + left, y2 + top],
  };
}
