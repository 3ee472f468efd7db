import type { DatasetImage, DatasetProblem } from '../datasets/dataset';
import { datasetInvalid, imageLeftOut, kept, leftOut } from '../datasets/faults';
import type { ImageTruth } from '../datasets/truth';
import type { PredictResult } from '../results';

type ObjectsTruth = Extract<ImageTruth, { kind: 'objects' }>;

/**
 * What does not fit together in an image's truth, its result and the model; an image whose truth can't be compared is
 * among them as left out.
 *
 * @param truth with the model's class numbers
 * @param found the problems that its reader has named
 * @param labels of the model; empty if it has none
 * @throws PaddleLabError DATASET_INVALID for classes or joints that the model does not have
 */
export function doubtsOf(
  { file }: DatasetImage,
  truth: ImageTruth,
  result: PredictResult,
  { labels, found }: { readonly labels: readonly string[]; readonly found: readonly DatasetProblem[] },
): DatasetProblem[] {
  switch (truth.kind) {
    case 'classes':
      checkClasses(file, truth.classIds, labels);
      return [];
    case 'objects': {
      const classIds = truth.objects.map(({ classId }) => classId);
      // Keypoint models have one class, whatever their labels.
      if (result.kind !== 'keypoints') checkClasses(file, classIds, labels);
      return [
        ...sizeDoubts(file, truth, result),
        ...maskDoubts(file, truth, result, found),
        ...jointDoubts(file, truth, result),
      ];
    }
    case 'pixels':
    case 'text':
      return [];
  }
}

function checkClasses(file: string, classIds: readonly number[], labels: readonly string[]): void {
  const wrong = labels.length === 0 ? undefined : classIds.find((classId) => classId >= labels.length);
  if (wrong === undefined) return;
  const expected = `Expected class numbers from 0 to ${labels.length - 1} (the model has ${labels.length} labels)`;
  throw datasetInvalid(file, 'the truth', `${expected} but received ${wrong}`);
}

function sizeDoubts(file: string, { size, objects }: ObjectsTruth, { image }: PredictResult): DatasetProblem[] {
  if (size === undefined || (size.width === image.width && size.height === image.height)) return [];
  const sizes = `Expected ${size.width} × ${size.height} pixels, as the data set says, but the image has ${image.width} × ${image.height}`;
  const runs = objects.some(({ mask }) => mask !== undefined && 'counts' in mask);
  if (!runs) return [kept(file, undefined, sizes)];
  return [imageLeftOut(file, undefined, `${sizes}, so that its masks (run lengths) don't fit`)];
}

/** Objects without a mask are measured by their boxes only. */
function maskDoubts(
  file: string,
  { objects }: ObjectsTruth,
  { kind }: PredictResult,
  found: readonly DatasetProblem[],
): DatasetProblem[] {
  if (kind !== 'instance-segmentation') return [];
  // A mask that can't be used is already named by its reader.
  const named = found.filter(({ place }) => place?.endsWith('.segmentation')).length;
  const without = objects.filter(({ mask }) => mask === undefined).length - named;
  if (without <= 0) return [];
  const text = `Expected a mask of each object but ${without} of ${objects.length} have none; of those only the boxes count`;
  return [leftOut(file, undefined, text)];
}

/** A person without joints can't be found; one with other joints than the model's can't be compared. */
function jointDoubts(file: string, { objects }: ObjectsTruth, result: PredictResult): DatasetProblem[] {
  if (result.kind !== 'keypoints') return [];
  const own = result.people[0]?.keypoints.length;
  const problems: DatasetProblem[] = [];
  const counted = objects.filter(({ ignored }) => !ignored);
  for (const { keypoints } of counted) {
    const joints = (keypoints?.length ?? 0) / 3;
    if (joints === 0 || own === undefined || joints === own) continue;
    const text = `Expected ${own} joints of each person, as the model has, but received ${joints}`;
    throw datasetInvalid(file, 'the truth', text);
  }
  const without = counted.filter(({ keypoints = [] }) => keypoints.length === 0).length;
  if (without > 0) {
    const text = `Expected joints of each person but ${without} of ${counted.length} have none; they count as missed`;
    problems.push(kept(file, undefined, text));
  }
  return problems;
}
