import { number, type OptionChecks, readOptions } from '../../options';
import { outlineOf } from '../geometry';
import type { Annotator } from './annotator';

/** Options for the corners. */
export interface CornerBoxOptions {
  /** Length of the corner lines, as a fraction of the shorter side, 0 to 0.5; default 0.25. */
  readonly length?: number;
}

const checks = {
  length: number(0, 0.5),
} satisfies OptionChecks<CornerBoxOptions>;

/** Marks only the corners of each object's box, so that the object stays visible. */
export function createCornerBox(options: CornerBoxOptions = {}): Annotator {
  const { length: part = 0.25 } = readOptions('cornerBox', options, checks);
  return (canvas, { objects, style }) => {
    for (const item of objects.toReversed()) {
      const outline = outlineOf(item.box, style.line, canvas);
      if (outline === undefined) continue;
      const { left, top, width, height } = outline;
      const line = Math.min(Math.ceil(style.line * 1.5), width, height);
      const length = Math.max(line, Math.round(part * Math.min(width, height)));
      const color = style.colorOf(item);
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
