import type { Detection } from '../../results';
import type { Canvas } from '../canvas';
import { outlineOf, type Rect } from '../geometry';
import { placeLabel } from '../label-placement';
import { readableOn, toHex } from '../palette';
import { capHeight, fitText, textPath, textWidth } from '../text';
import type { Scene } from './annotator';

/** In ems: room left and right of the text, and the height of the whole label. */
const padding = 0.32;
const labelHeight = 1.38;

interface LabelText {
  readonly text: string;
  readonly fontSize: number;
}

/**
 * Writes `name 0.98` at each detection's box on the colour of its class, in black or white, whichever reads better.
 *
 * Places are given out from the best score down, and labels with better scores lie on top.
 */
export function drawLabels(canvas: Canvas, { result, style }: Scene): void {
  const placed: Rect[] = [];
  const drawn: string[] = [];
  for (const detection of result.detections) {
    const outline = outlineOf(detection.box, style.line, canvas);
    if (outline === undefined) continue;
    const label = fitLabel(detection, style.fontSize, canvas);
    const spot = placeLabel(outline, labelSize(label, canvas), canvas, placed);
    placed.push(spot);
    drawn.push(labelSvg(label, spot, detection.classId, style));
  }
  for (const svg of drawn.reverse()) canvas.addVector(svg);
}

function labelSize({ text, fontSize }: LabelText, canvas: Canvas): { width: number; height: number } {
  return {
    width: Math.min(canvas.width, Math.ceil(textWidth(text, fontSize) + 2 * padding * fontSize)),
    height: Math.min(canvas.height, Math.ceil(labelHeight * fontSize)),
  };
}

/** What fits into the image: the name is shortened first, then left out, then the text shrinks. */
function fitLabel(detection: Detection, wanted: number, canvas: Canvas): LabelText {
  const score = detection.score.toFixed(2);
  const fontSize = Math.min(wanted, canvas.height / labelHeight);
  const room = canvas.width - 2 * padding * fontSize;
  const name = fitText(detection.label, fontSize, room - textWidth(` ${score}`, fontSize));
  if (name !== '') return { text: `${name} ${score}`, fontSize };
  const scoreWidth = textWidth(score, fontSize);
  return {
    text: score,
    fontSize:
      scoreWidth > room ? fontSize * Math.max(0, canvas.width / (scoreWidth + 2 * padding * fontSize)) : fontSize,
  };
}

function labelSvg({ text, fontSize }: LabelText, spot: Rect, classId: number, style: Scene['style']): string {
  const background = style.color(classId);
  const { left, top, width, height } = spot;
  const x = left + (width - textWidth(text, fontSize)) / 2;
  const baseline = Math.round(top + (height + capHeight * fontSize) / 2);
  const radius = Math.round(fontSize * 0.15);
  const rect = `<rect x="${left}" y="${top}" width="${width}" height="${height}" rx="${radius}"`;
  return `${rect} fill="${toHex(background)}"/>${textPath(text, x, baseline, fontSize, readableOn(background))}`;
}
