import type { Annotator } from './annotator';

/** Outlines each object's mask in the colour of its class, inside the mask, and leaves the other pixels visible. */
export function createContour(): Annotator {
  return (canvas, { objects, style }) => {
    for (const item of objects.toReversed()) {
      const { mask } = item;
      if (mask === undefined) continue;
      const color = style.colorOf(item);
      canvas.mask(mask, { fill: color, fillAlpha: 0, edge: color, edgeAlpha: 1, edgeWidth: style.line + 1 });
    }
  };
}
