import type { PaintedMask } from '../canvas';
import type { Annotator } from './annotator';

/** Tints all pixels of each class (or mask) evenly, without outlines: a segmentation over its image. */
export function createSegmentation(): Annotator {
  return (canvas, { objects, style }) => {
    const alpha = style.opacity;
    const masks = objects.flatMap((item): PaintedMask[] => {
      const { mask } = item;
      if (mask === undefined) return [];
      const fill = style.colorOf(item);
      return [{ mask, paint: { fill, fillAlpha: alpha, edge: fill, edgeAlpha: alpha, edgeWidth: 1 } }];
    });
    canvas.masks(masks);
  };
}
