import type { Annotator } from './annotator';

/** Tints all pixels of each class (or mask) evenly, without outlines: a segmentation over its image. */
export function createSegmentation(): Annotator {
  return (canvas, { objects, style }) => {
    for (const { mask, classId } of objects.toReversed()) {
      if (mask === undefined) continue;
      const fill = style.color(classId);
      const alpha = style.opacity;
      canvas.mask(mask, { fill, fillAlpha: alpha, edge: fill, edgeAlpha: alpha, edgeWidth: 1 });
    }
  };
}
