import type { Picture } from '../../drawing/picture';
import type { PredictResult } from '../../results';
import { checkOptions } from '../../validate';
import { type VisualizeOptions, visualize, visualizeOptionNames } from '../visualize';
import { sideBySide } from './side-by-side';

/**
 * A prediction with the ground truth beside it, drawn alike.
 *
 * @param truth what `readGroundTruth` gives for the image
 * @throws PaddleLabError as `visualize` does
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
  checkOptions('visualizeBesideTruth', options, visualizeOptionNames);
  const { threshold: _, ...look } = options;
  const pictures = [await visualize(image, result, options), await visualize(image, truth, look)];
  return await sideBySide(pictures, { titles: ['prediction', 'ground truth'] });
}
