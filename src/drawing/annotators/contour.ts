import type { Annotator } from './annotator';

/** Outlines each object's mask in the colour of its class, inside the mask, and leaves the other pixels visible. */
export function createContour(): Annotator {
  return (canvas, { objects, style }) => {
    for (const { mask, classId } of objects.toReversed()) {
      if (mask === undefined) continue;
      const color = style.color(classId);
      canvas.mask(mask, { fill: color, fillAlpha: 0, edge: color, edgeAlpha: 1, edgeWidth: style.line });
    }
  };
}
