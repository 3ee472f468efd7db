import { type Rgb, readableOn } from '../display/palette';
import type { Canvas } from './canvas';
import type { Rectangle } from './geometry';
import { capHeight, textWidth } from './text';

/** In ems: padding left and right of the text, and the height of the whole label. */
export const labelPadding = 0.32;
export const labelEms = 1.38;

/** Width of a plate with a text, in whole pixels. */
export function labelWidth(text: string, fontSize: number): number {
  return Math.ceil(textWidth(text, fontSize) + 2 * labelPadding * fontSize);
}

/** Height of a plate, in whole pixels. */
export function labelHeight(fontSize: number): number {
  return Math.ceil(labelEms * fontSize);
}

/** Writes a text on a plate with round corners, in black or white, depending on contrast. */
export function writeOnPlate(canvas: Canvas, text: string, fontSize: number, plate: Rectangle, background: Rgb): void {
  const { left, top, width, height } = plate;
  canvas.fillRect(plate, background, 1, Math.round(fontSize * 0.15));
  const x = left + (width - textWidth(text, fontSize)) / 2;
  const baseline = Math.round(top + (height + capHeight * fontSize) / 2);
  canvas.text(text, x, baseline, fontSize, readableOn(background));
}
