import { darken } from '../../display/palette';
import type { PaintedMask } from '../canvas';
import type { Annotator } from './annotator';

/**
 * Tints each object's pixels with its colour and outlines them in a darker tone. A pixel of several objects has the
 * colour of the smallest.
 */
export function createMask(): Annotator {
  return (canvas, { objects, style }) => {
    const edgeAlpha = Math.min(1, style.opacity * 2);
    const edgeWidth = style.line > 2 ? 2 : 1;
    const masks = objects.flatMap((item): PaintedMask[] => {
      const { mask } = item;
      if (mask === undefined) return [];
      const fill = style.colorOf(item);
      return [{ mask, paint: { fill, fillAlpha: style.opacity, edge: darken(fill, 0.4), edgeAlpha, edgeWidth } }];
    });
    canvas.masks(masks);
  };
}
