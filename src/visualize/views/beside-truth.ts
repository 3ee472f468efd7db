import type { Picture } from '../../drawing/picture';
import { readOptions } from '../../options';
import type { PredictResult } from '../../results';
import { type VisualizeOptions, visualizeChecks } from '../options';
import { visualize } from '../visualize';
import { sideBySide } from './side-by-side';

/**
 * A prediction next to the ground truth, drawn in the same way.
 *
 * @param truth the result of `readGroundTruth` for the image
 * @throws PaddleLabError like `visualize`
 *
 * @example
 * import { readGroundTruth, visualizeBesideTruth } from 'paddlelab';
 * const truth = await readGroundTruth('shapes.coco.json', { image: 'shapes.png', labels: model.spec.labels });
 * await visualizeBesideTruth('shapes.png', result, truth);
 */
export async function visualizeBesideTruth(
  image: Parameters<typeof visualize>[0],
  result: PredictResult,
  truth: PredictResult,
  options: VisualizeOptions = {},
): Promise<Picture> {
  const { threshold: _, ...look } = readOptions('visualizeBesideTruth', options, visualizeChecks);
  const pictures = [await visualize(image, result, options), await visualize(image, truth, look)];
  return await sideBySide(pictures, { titles: ['prediction', 'ground truth'] });
}
