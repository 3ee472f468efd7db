import path from 'node:path';
import { type CocoFile, type CocoImage, parseCocoFile } from '../datasets/coco-file';
import { cocoObject } from '../datasets/coco-object';
import type { TrueObject } from '../datasets/truth';
import { PaddleLabError } from '../errors';
import type { Box, DetectionResult, InstanceSegmentationResult, PredictResult } from '../results';
import { trueMask } from './true-mask';
import { classNumbers, type TruthSource, truthBase } from './truth';

/** Reads one image of a file in COCO's format. */
export async function readCoco({ file, bytes, image: wanted, labels }: TruthSource): Promise<PredictResult> {
  const content = parseCocoFile(file, bytes);
  const image = findImage(content, wanted, file);
  const numbers = classNumbers(labels ?? content.categories.map(({ name }) => name));
  const own = content.annotations.flatMap((annotation, i) =>
    annotation.image_id === image.id ? [{ annotation, i }] : [],
  );
  const detections = own.map(({ annotation, i }) => {
    const { category_id } = annotation;
    const label = content.categories.find(({ id }) => id === category_id)?.name ?? String(category_id);
    const object = cocoObject(annotation, numbers.of(label, file), image, (kind, key, message) => {
      if (kind === 'kept') return;
      throw new PaddleLabError('DATASET_INVALID', `annotations[${i}].${key} of ${file}: ${message}`);
    }) as TrueObject;
    const [x, y, width, height] = object.box;
    const box: Box = [x, y, x + width, y + height];
    const mask = object.mask === undefined ? {} : { mask: trueMask(object.mask, image) };
    return { classId: object.classId, label, score: 1, box, ...mask };
  });
  const masked = detections.length > 0 && detections.every((detection) => 'mask' in detection);
  const kind = masked ? 'instance-segmentation' : 'detection';
  const size = { width: image.width, height: image.height };
  return { ...truthBase, kind, image: size, labels: numbers.labels, detections } as
    | DetectionResult
    | InstanceSegmentationResult;
}

function findImage({ images }: CocoFile, wanted: string | number | undefined, file: string): CocoImage {
  const [only] = images;
  if (wanted === undefined && images.length === 1 && only !== undefined) return only;
  const name = typeof wanted === 'string' ? path.basename(wanted) : undefined;
  const found = images.find(
    (image) => image.id === wanted || (name !== undefined && path.basename(image.file_name) === name),
  );
  if (found !== undefined) return found;
  const expected = `Expected the name or number of one of the ${images.length} images of ${file} for image`;
  throw new PaddleLabError('INVALID_ARGUMENT', `${expected} but received ${JSON.stringify(wanted)}`);
}
