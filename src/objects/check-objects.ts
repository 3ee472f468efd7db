import { checkMask } from '../image/check-mask';
import type { Detection, RleMask } from '../results';
import { invalidArgument } from '../validate';
import { checkObject } from './followed-object';

/** @throws PaddleLabError INVALID_ARGUMENT unless it is a list of objects with boxes, classes and scores */
export function checkObjects<D extends Detection>(objects: readonly D[]): readonly D[] {
  if (!Array.isArray(objects)) throw invalidArgument('objects', 'list of objects', objects);
  for (const [index, object] of (objects as readonly D[]).entries()) {
    checkObject(`objects[${index}]`, object);
    if (!Number.isFinite(object.score)) throw invalidArgument(`objects[${index}].score`, 'finite number', object.score);
  }
  return objects;
}

/** @throws PaddleLabError INVALID_ARGUMENT unless all have masks, of one image */
export function checkMasks(objects: readonly { readonly mask?: RleMask }[]): void {
  const size = objects[0]?.mask?.size;
  for (const [index, { mask }] of objects.entries()) {
    checkMask(`objects[${index}].mask`, mask, size);
  }
}
