import { checkNumber, checkOptions } from '../../validate';
import { outlineOf } from '../geometry';
import type { Annotator } from './annotator';

/** How round the corners are. */
export interface RoundedBoxOptions {
  /** Part of the shorter side, 0 to 0.5; default 0.15. */
  readonly roundness?: number;
}

/** Outlines each object's box with round corners. */
export function createRoundedBox(options: RoundedBoxOptions = {}): Annotator {
  checkOptions('roundedBox', options, ['roundness']);
  const roundness = checkNumber('roundness', options.roundness ?? 0.15, 0, 0.5);
  return (canvas, { objects, style }) => {
    for (const { box, classId } of objects.toReversed()) {
      const outline = outlineOf(box, style.line, canvas);
      if (outline === undefined) continue;
      const radius = Math.max(0.001, roundness * Math.min(outline.width, outline.height));
      canvas.strokeRect(outline, style.line, style.color(classId), 1, radius);
    }
  };
}
