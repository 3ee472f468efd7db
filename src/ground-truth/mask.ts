import { readMaskPng } from '../datasets/mask-png';
import { readFile } from '../files/fs';
import type { PredictResult } from '../results';
import type { TruthSource } from './truth';
import { truthAsResult } from './truth-as-result';

/** Reads a PNG whose pixels are class numbers, in grey or as a palette. */
export async function readMask({ file, labels = [] }: TruthSource): Promise<PredictResult> {
  const pixels = await readMaskPng(file, await readFile(file));
  return truthAsResult({ kind: 'pixels', pixels }, { size: pixels, labels });
}
