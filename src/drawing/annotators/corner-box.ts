import { checkNumber, checkOptions } from '../../validate';
import { outlineOf } from '../geometry';
import type { Annotator } from './annotator';

/** How long the angles are. */
export interface CornerBoxOptions {
  /** Part of the shorter side that an angle takes, 0 to 0.5; default 0.25. */
  readonly length?: number;
}

/** Marks only the corners of each object's box, so that the object stays free. */
export function createCornerBox(options: CornerBoxOptions = {}): Annotator {
  checkOptions('cornerBox', options, ['length']);
  const part = checkNumber('length', options.length ?? 0.25, 0, 0.5);
  return (canvas, { objects, style }) => {
    for (const { box, classId } of objects.toReversed()) {
      const outline = outlineOf(box, style.line, canvas);
      if (outline === undefined) continue;
      const { left, top, width, height } = outline;
      const line = Math.min(Math.ceil(style.line * 1.5), width, height);
      const length = Math.max(line, Math.round(part * Math.min(width, height)));
      const color = style.color(classId);
      for (const x of [left, left + width - length]) {
        for (const y of [top, top + height - line])
          canvas.fillRect({ left: x, top: y, width: length, height: line }, color);
      }
      for (const x of [left, left + width - line]) {
        for (const y of [top, top + height - length])
          canvas.fillRect({ left: x, top: y, width: line, height: length }, color);
      }
    }
  };
}
