import path from 'node:path';
import { resolvePath } from '../image/image';
import { anyText, listOf, type OptionChecks, readOptions } from '../options';
import type { PredictResult } from '../results';
import { checkString, invalidArgument } from '../validate';
import { readCoco } from './coco';
import { readMask } from './mask';
import type { TruthSource } from './truth';
import { readVoc } from './voc';

/** Options of `readGroundTruth`. */
export interface GroundTruthOptions {
  /** For COCO files: the image, by its file name (`shapes.png`) or its number. */
  readonly image?: string | number;
  /** The model's class names, `model.spec.labels`: the ground truth gets their numbers. */
  readonly labels?: readonly string[];
}

const checks = {
  image: checkImage,
  labels: listOf('array of class names', anyText),
} satisfies OptionChecks<GroundTruthOptions>;

function checkImage(option: string, image: unknown): string | number {
  if (typeof image === 'string' || typeof image === 'number') return image;
  throw invalidArgument(option, "an image's file name or number", image);
}

const readers: { readonly [Extension in string]?: (source: TruthSource) => Promise<PredictResult> } = {
  '.json': readCoco,
  '.xml': readVoc,
  '.png': readMask,
};

/**
 * Reads the ground truth of an image, as a result like those of `predict` with all scores 1: COCO's `instances.json`
 * (boxes, with masks if all objects have them), an `.xml` of PASCAL VOC (boxes), or a PNG whose pixels are class
 * numbers (VOC's and PaddleSeg's; 255 is ignored).
 *
 * @param file ends in `.json`, `.xml` or `.png`
 * @throws PaddleLabError FILE_NOT_FOUND, DATASET_INVALID, IMAGE_UNREADABLE (of a mask), INVALID_ARGUMENT (also for a class
 *   missing in `labels`), UNKNOWN_OPTION
 *
 * @example
 * import { readGroundTruth } from 'paddlelab';
 * const truth = await readGroundTruth('shapes.coco.json', { image: 'shapes.png', labels: model.spec.labels });
 * truth.detections?.length;
 */
export async function readGroundTruth(file: string, options: GroundTruthOptions = {}): Promise<PredictResult> {
  const { image, labels } = readOptions('readGroundTruth', options, checks);
  const target = resolvePath(checkString('file', file));
  const read = readers[path.extname(target).toLowerCase()];
  if (read === undefined) throw invalidArgument('file', `file name ending in ${Object.keys(readers).join(', ')}`, file);
  return await read({ file: target, image, labels });
}
