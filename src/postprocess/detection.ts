import type { Tensor } from '../inference/tensor';
import type { DetectionResult } from '../results';
import type { PostprocessContext } from '../spec/spec';
import { type BoxRow, readBoxes, thresholdOf } from './boxes';
import { withLandmarks } from './landmarks';
import { arrangeLayout } from './paddlex-layout';
import { decodePicodet, isRawPicodet } from './picodet';

/** Object detection of PaddleDetection, with final boxes or (PicoDet without post-processing) raw maps. */
export async function readDetections(
  outputs: readonly Tensor[],
  context: PostprocessContext,
): Promise<Pick<DetectionResult, 'threshold' | 'detections'>> {
  const table = isRawPicodet(outputs, context) ? [decodePicodet(outputs, context)] : outputs;
  const rows = arrange(readBoxes(table, context), outputs, context);
  return { threshold: thresholdOf(context), detections: rows.map((row) => row.detection) };
}

function arrange(rows: BoxRow[], outputs: readonly Tensor[], context: PostprocessContext): BoxRow[] {
  const { conventions, outputs: settings } = context.spec;
  if (conventions.arrangesLayout) return arrangeLayout(rows, context);
  // If nothing was found, the landmark outputs are missing as well.
  return settings.landmarks && rows.length > 0 ? withLandmarks(rows, outputs, context) : rows;
}
