import { readLabelPixels } from '../datasets/label-pixels';
import type { PredictResult } from '../results';
import { type TruthSource, truthBase } from './truth';
import { segmentsOf } from './truth-as-result';

/** Reads a PNG whose pixels are class numbers, in grey or as a palette. */
export async function readMask({ file, bytes, labels = [] }: TruthSource): Promise<PredictResult> {
  const pixels = await readLabelPixels(file, bytes);
  const image = { width: pixels.width, height: pixels.height };
  return { ...truthBase, kind: 'semantic-segmentation', image, labels, segments: segmentsOf(pixels, labels) };
}
