import { readPalettePng } from '../drawing/png';
import { PaddleLabError } from '../errors';
import { encodeLabelMap } from '../image/label-map';
import { loadSharp } from '../image/load-sharp';
import type { PredictResult } from '../results';
import { type TruthSource, truthBase } from './truth';

/** The value of ignored pixels in VOC and PaddleSeg. */
const ignored = 255;

/** Reads a PNG whose pixels are class numbers, in grey or as a palette. */
export async function readMask({ file, bytes, labels = [] }: TruthSource): Promise<PredictResult> {
  const map = readPalettePng(bytes) ?? (await readGrey(file, bytes));
  const { width, height, data } = map;
  const segments = encodeLabelMap(map)
    .filter(({ classId }) => classId !== ignored)
    .map(({ classId, area, mask }) => {
      return { classId, label: labels[classId] ?? String(classId), area, fraction: area / data.length, mask };
    })
    .sort((a, b) => b.area - a.area);
  return { ...truthBase, kind: 'semantic-segmentation', image: { width, height }, labels, segments };
}

async function readGrey(file: string, bytes: Buffer): Promise<{ width: number; height: number; data: Uint8Array }> {
  const { data, info } = await loadSharp()(bytes).raw().toBuffer({ resolveWithObject: true });
  if (info.channels === 1) return { width: info.width, height: info.height, data };
  const same = data.every(
    (value, index) => value === data[index - (index % info.channels)] || index % info.channels === 3,
  );
  if (!same) {
    const text = `Expected a PNG of class numbers (grey, or a palette) in ${file} but its pixels are colours`;
    throw new PaddleLabError('INVALID_ARGUMENT', text);
  }
  const numbers = data.filter((_, index) => index % info.channels === 0);
  return { width: info.width, height: info.height, data: Uint8Array.from(numbers) };
}
