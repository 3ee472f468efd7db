import type { ImageTruth, TrueObject } from '../datasets/truth';
import { decodeImage } from '../image/image';
import { cropPixels } from '../image/raw-pixels';
import { movedPerson } from '../model-io/moved-result';
import { personCrop } from '../objects/person-crop';
import { type CheckedOptions, type Outcome, type Predictor, predictOutcomes } from '../predict/predict-batch';
import type { SessionPool } from '../predict/session-pool';
import type { KeypointsResult, Person, ResultByTask, Task } from '../results';

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
  const crops = boxesOf(truth).flatMap(
    ([x, y, width, height]) => personCrop([x, y, x + width, y + height], pixels) ?? [],
  );
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
    people.push(...(found?.people ?? []).map((person) => movedPerson(person, crop)));
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
