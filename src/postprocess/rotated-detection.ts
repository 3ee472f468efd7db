import type { Tensor } from '../inference/tensor';
import type { Box, RotatedDetectionResult } from '../results';
import type { PostprocessContext } from '../spec/spec';
import { readRows, thresholdOf } from './boxes';

/** Rotated boxes of PaddleDetection 2.x (S2ANet, FCOSR, PP-YOLOE-R): class, score and four corners per row. */
export async function readRotatedDetections(
  outputs: readonly Tensor[],
  context: PostprocessContext,
): Promise<Pick<RotatedDetectionResult, 'threshold' | 'detections'>> {
  const { spec, image } = context;
  const detections = readRows(outputs, 10, context).map(({ classId, label, score, coordinates }) => {
    const corners = spec.conventions.clampsBoxes ? clamp(coordinates, image) : coordinates;
    return { classId, label, score, box: boxAround(corners), corners };
  });
  return { threshold: thresholdOf(context), detections };
}

/** PaddleX clamps every corner to the image. */
function clamp(corners: readonly number[], { width, height }: PostprocessContext['image']): number[] {
  return corners.map((value, i) => Math.min(Math.max(0, value), i % 2 === 0 ? width : height));
}

function boxAround(corners: readonly number[]): Box {
  const xs = corners.filter((_, i) => i % 2 === 0);
  const ys = corners.filter((_, i) => i % 2 === 1);
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}
