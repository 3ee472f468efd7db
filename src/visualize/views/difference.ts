import { matchObjects } from '../../agreement/match-objects';
import { type Rgb, readableOn } from '../../display/palette';
import type { Annotator, SceneObject } from '../../drawing/annotators/annotator';
import { outlineOf, type Rectangle } from '../../drawing/geometry';
import { placeLabel } from '../../drawing/label-placement';
import type { Picture } from '../../drawing/picture';
import { capHeight, textWidth } from '../../drawing/text';
import { PaddleLabError } from '../../errors';
import { decodeLabelMap } from '../../image/label-map';
import { encodeRle } from '../../image/rle';
import { fraction, type OptionChecks, readOptions } from '../../options';
import type { PredictResult } from '../../results';
import { isResult, objectsOfBoth } from '../../tasks/tasks';
import { type VisualizeOptions, visualize } from '../visualize';

/** Options of `visualizeDifference`. */
export interface DifferenceOptions {
  /** Objects with a score above this are compared, 0 to 1; default: all objects of the results. */
  readonly threshold?: number;
  /** Minimum overlap (IoU) of two boxes to count as the same object, 0 to 1; default 0.5. */
  readonly iou?: number;
}

const checks = {
  threshold: fraction,
  iou: fraction,
} satisfies OptionChecks<DifferenceOptions>;

const colors = { same: [150, 150, 150], gone: [213, 94, 0], added: [0, 114, 178] } as const;

/** A text at an object, and its position. */
interface Note {
  readonly box: readonly [number, number, number, number];
  readonly color: Rgb;
  readonly text: string;
}

/**
 * Shows the changes between two results for the same image, for example from fp32 to fp16: objects in both are grey
 * with the change of their scores, removed objects orange, new objects blue; for segmentations, pixels whose class
 * changed are painted orange.
 *
 * @param image the image of both predictions
 * @throws PaddleLabError INVALID_ARGUMENT (also for two kinds of results), UNKNOWN_OPTION
 *
 * @example
 * import { visualizeDifference } from 'paddlelab';
 * const strict = await predict(model, 'shapes.png', { threshold: 0.8 });
 * await visualizeDifference('shapes.png', result, strict);
 */
export async function visualizeDifference(
  image: Parameters<typeof visualize>[0],
  before: PredictResult,
  after: PredictResult,
  options: DifferenceOptions = {},
): Promise<Picture> {
  const { iou = 0.5 } = readOptions('visualizeDifference', options, checks);
  const threshold: VisualizeOptions = options.threshold === undefined ? {} : { threshold: options.threshold };
  if (before?.kind === 'semantic-segmentation' && after?.kind === 'semantic-segmentation') {
    return await visualize(image, after, { annotators: [changedPixels(before)] });
  }
  const both = isResult(before) && isResult(after) ? objectsOfBoth(before, after) : undefined;
  if (both === undefined) {
    throw new PaddleLabError(
      'INVALID_ARGUMENT',
      `Expected two results with objects, or two semantic segmentations, but received ${before?.kind} and ${after?.kind}`,
    );
  }
  return await visualize(image, after, { ...threshold, annotators: [changedObjects(both[0], options.threshold, iou)] });
}

function changedObjects(before: readonly SceneObject[], threshold: number | undefined, iou: number): Annotator {
  return (canvas, { objects, style }) => {
    const old = before.filter(({ score = 1 }) => threshold === undefined || score > threshold);
    const { pairs, onlyFirst, onlySecond } = matchObjects(old, objects, iou);
    const notes: Note[] = [
      ...pairs.map(([a, b]): Note => {
        const change = (b.score ?? 0) - (a.score ?? 0);
        const sign = change < 0 ? '−' : '+';
        return { box: b.box, color: colors.same, text: `${b.label} ${sign}${Math.abs(change).toFixed(3)}` };
      }),
      ...onlyFirst.map(({ box, label, score = 0 }): Note => {
        return { box, color: colors.gone, text: `gone: ${label} ${score.toFixed(2)}` };
      }),
      ...onlySecond.map(({ box, label, score = 0 }): Note => {
        return { box, color: colors.added, text: `new: ${label} ${score.toFixed(2)}` };
      }),
    ];
    const placed: Rectangle[] = [];
    for (const { box, color, text } of notes) {
      const outline = outlineOf(box, style.line, canvas);
      if (outline === undefined) continue;
      canvas.strokeRect(outline, style.line, color);
      const height = Math.ceil(style.fontSize * 1.38);
      const size = {
        width: Math.min(canvas.width, Math.ceil(textWidth(text, style.fontSize) + style.fontSize * 0.6)),
        height,
      };
      const spot = placeLabel(outline, size, canvas, placed);
      placed.push(spot);
      canvas.fillRect(spot, color);
      const baseline = spot.top + (height + capHeight * style.fontSize) / 2;
      canvas.text(text, spot.left + style.fontSize * 0.3, baseline, style.fontSize, readableOn(color));
    }
  };
}

function changedPixels(before: Extract<PredictResult, { kind: 'semantic-segmentation' }>): Annotator {
  return (canvas, { result }) => {
    const old = decodeLabelMap(before).data;
    const now = decodeLabelMap(result as typeof before).data;
    const { width, height } = canvas;
    const changed = encodeRle({ width, height, data: now.map((value, index) => (value === old[index] ? 0 : 1)) });
    const paint = { fill: colors.gone, fillAlpha: 0.85, edge: colors.gone, edgeAlpha: 1, edgeWidth: 1 };
    canvas.mask(changed, paint);
  };
}
