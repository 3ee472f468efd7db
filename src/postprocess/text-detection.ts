import type { Tensor } from '../inference/tensor';
import { loadBinding } from '../native/binding';
import type { NativeTextMap, NativeTextScores } from '../native/text-types';
import type { TextDetectionResult, TextRegion } from '../results';
import type { TextDetectionSettings } from '../spec/output-settings';
import type { PostprocessContext } from '../spec/spec';
import { unsupported } from './boxes';
import { outputInvalid } from './finite';
import { placementOf, type TextCorners } from './text-corners';
import { inReadingOrder } from './text-order';
import { uniteOutlines } from './text-outlines';

/**
 * `DBPostProcess` of PaddleX or RapidOCR on output 0, a map `[1, channels, height, width]` of which the first channel is
 * the probability of text: borders of what is above a threshold, their smallest rectangles, means, widening. The
 * regions are in the order in which both pipelines read them.
 */
export async function readTextRegions(
  outputs: readonly Tensor[],
  { spec, image, threshold }: PostprocessContext,
): Promise<Pick<TextDetectionResult, 'threshold' | 'regions'>> {
  const settings = spec.outputs.textDetection as TextDetectionSettings;
  const map = mapOf(outputs);
  const boxThreshold = threshold ?? settings.boxThreshold;
  const job = { ...map, ...rulesOf(settings), boxThreshold };
  const found = settings.boxType === 'quad' ? await findBoxes(job, outputs) : await findOutlines(job, outputs);
  const { scale, finish } = placementOf(settings.preset, map, image);
  const scaled = found.flatMap(({ polygon, score }): TextRegion[] => {
    const corners = scale(polygon);
    return corners === undefined ? [] : [{ polygon: corners, score }];
  });
  const ordered = inReadingOrder(scaled, settings.boxType);
  const regions = ordered.map(({ polygon, score }) => ({ polygon: finish(polygon), score }));
  return { threshold: boxThreshold, regions };
}

interface FoundPolygon {
  /** In pixels of the map. */
  readonly polygon: TextCorners;
  readonly score: number;
}

function mapOf(outputs: readonly Tensor[]): Pick<NativeTextMap, 'map' | 'width' | 'height'> {
  const [output] = outputs;
  const [batch, channels = 0, height = 0, width = 0, ...more] = output?.shape ?? [];
  if (!(output?.data instanceof Float32Array) || batch !== 1 || channels * height * width === 0 || more.length > 0) {
    const expected = 'a map of text as float32 [1, 1, height, width] in the first output';
    throw unsupported(`${expected} (a recogniser of text has another one: load it as such)`, outputs);
  }
  return { map: output.data.subarray(0, height * width), width, height };
}

function rulesOf(settings: TextDetectionSettings): Omit<NativeTextMap, 'map' | 'width' | 'height' | 'boxThreshold'> {
  const { pixelThreshold, unclipRatio, maxCandidates, minSize, dilation, scoreMode, preset } = settings;
  const slowScores = scoreMode === 'slow';
  const singleLengths = preset === 'paddlex';
  return { pixelThreshold, unclipRatio, maxCandidates, minSize, dilation, slowScores, singleLengths };
}

async function findBoxes(job: NativeTextMap, outputs: readonly Tensor[]): Promise<FoundPolygon[]> {
  const found = await loadBinding().findTextBoxes(job);
  checkNumbers(found, outputs);
  return Array.from(found.scores, (score, i) => ({
    polygon: pointsOf(found.corners.subarray(8 * i, 8 * i + 8)),
    score,
  }));
}

async function findOutlines(job: NativeTextMap, outputs: readonly Tensor[]): Promise<FoundPolygon[]> {
  const found = await loadBinding().findTextOutlines(job);
  checkNumbers(found, outputs);
  const united = await uniteOutlines(found.outlines);
  const sides = await loadBinding().shortSides(united);
  return united.flatMap((outline, i) => {
    const large = (sides[i] as number) >= job.minSize + 2;
    return large ? [{ polygon: pointsOf(outline), score: found.scores[i] as number }] : [];
  });
}

function checkNumbers({ notNumbers }: NativeTextScores, outputs: readonly Tensor[]): void {
  if (notNumbers > 0) throw outputInvalid(`${notNumbers} values of the map are NaN`, outputs);
}

function pointsOf(flat: ArrayLike<number>): TextCorners {
  return Array.from({ length: flat.length / 2 }, (_, i) => [flat[2 * i] as number, flat[2 * i + 1] as number] as const);
}
