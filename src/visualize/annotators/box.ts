import type { Canvas } from '../canvas';
import { outlineOf } from '../geometry';
import { toHex } from '../palette';
import type { Scene } from './annotator';

/** Outlines each detection's box in the colour of its class; the best score lies on top. */
export function drawBoxes(canvas: Canvas, { result, style }: Scene): void {
  for (const { box, classId } of result.detections.toReversed()) {
    const outline = outlineOf(box, style.line, canvas);
    if (outline === undefined) continue;
    const line = Math.min(style.line, outline.width, outline.height);
    const position = `x="${outline.left + line / 2}" y="${outline.top + line / 2}"`;
    const size = `width="${outline.width - line}" height="${outline.height - line}"`;
    const stroke = `stroke="${toHex(style.color(classId))}" stroke-width="${line}"`;
    canvas.addVector(`<rect ${position} ${size} fill="none" ${stroke}/>`);
  }
}
