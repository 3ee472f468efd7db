import { outlineOf } from '../geometry';
import type { Annotator } from './annotator';

/** Outlines each object's box in the colour of its class; the best score is on top. */
export function createBox(): Annotator {
  return (canvas, { objects, style }) => {
    for (const item of objects.toReversed()) {
      const outline = outlineOf(item.box, style.line, canvas);
      if (outline === undefined) continue;
      const line = Math.min(style.line, outline.width, outline.height);
      canvas.strokeRect(outline, line, style.colorOf(item));
    }
  };
}
