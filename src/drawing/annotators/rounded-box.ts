import { number, type OptionChecks, readOptions } from '../../options';
import { outlineOf } from '../geometry';
import type { Annotator } from './annotator';

/** How round the corners are. */
export interface RoundedBoxOptions {
  /** Radius of the corners, as a fraction of the shorter side, 0 to 0.5; default 0.15. */
  readonly roundness?: number;
}

const checks = {
  roundness: number(0, 0.5),
} satisfies OptionChecks<RoundedBoxOptions>;

/** Outlines each object's box with round corners. */
export function createRoundedBox(options: RoundedBoxOptions = {}): Annotator {
  const { roundness = 0.15 } = readOptions('roundedBox', options, checks);
  return (canvas, { objects, style }) => {
    for (const item of objects.toReversed()) {
      const outline = outlineOf(item.box, style.line, canvas);
      if (outline === undefined) continue;
      const radius = Math.max(0.001, roundness * Math.min(outline.width, outline.height));
      canvas.strokeRect(outline, style.line, style.colorOf(item), 1, radius);
    }
  };
}
