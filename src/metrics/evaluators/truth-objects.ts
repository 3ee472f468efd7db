import type { ImageTruth, LabelPixels, TrueObject } from '../../datasets/truth';
import { PaddleLabError } from '../../errors';

/** The true objects; the kind of truth was checked before. */
export function objectsOf(truth: ImageTruth): readonly TrueObject[] {
  if (truth.kind === 'objects') return truth.objects;
  throw wrongKind('objects', truth);
}

export function classesOf(truth: ImageTruth): readonly number[] {
  if (truth.kind === 'classes') return truth.classIds;
  throw wrongKind('classes', truth);
}

export function pixelsOf(truth: ImageTruth): LabelPixels {
  if (truth.kind === 'pixels') return truth.pixels;
  throw wrongKind('pixels', truth);
}

function wrongKind(expected: ImageTruth['kind'], { kind }: ImageTruth): PaddleLabError {
  return new PaddleLabError('DATASET_INVALID', `Expected truth of kind ${expected} but received ${kind}`);
}
