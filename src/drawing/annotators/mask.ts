import { darken } from '../../display/palette';
import type { Annotator } from './annotator';

/** Tints each object's pixels with the colour of its class and outlines them in a darker tone; best score on top. */
export function createMask(): Annotator {
  return (canvas, { objects, style }) => {
    for (const { mask, classId } of objects.toReversed()) {
      if (mask === undefined) continue;
      const fill = style.color(classId);
      const edgeAlpha = Math.min(1, style.opacity * 2);
      const edgeWidth = style.line > 2 ? 2 : 1;
      canvas.mask(mask, { fill, fillAlpha: style.opacity, edge: darken(fill, 0.4), edgeAlpha, edgeWidth });
    }
  };
}
