import { type Rgb, readableOn } from '../../display/palette';
import type { Canvas } from '../canvas';
import { outlineOf, type Rectangle } from '../geometry';
import { placeLabel } from '../label-placement';
import { capHeight, fitText, textWidth } from '../text';
import type { Annotator, SceneObject } from './annotator';

/** In ems: padding left and right of the text, and the height of the whole label. */
const padding = 0.32;
const labelHeight = 1.38;

interface LabelText {
  readonly text: string;
  readonly fontSize: number;
}

/**
 * Writes `name 0.98`, or `name #3 0.98` of a tracked object, at each object's box on the colour of its class, in black or white, depending on contrast.
 *
 * Positions are assigned from the best score down, and labels with better scores are on top.
 */
export function createLabel(): Annotator {
  return (canvas, { objects, style }) => {
    const placed: Rectangle[] = [];
    const labels: (() => void)[] = [];
    for (const item of objects) {
      const outline = outlineOf(item.box, style.line, canvas);
      if (outline === undefined) continue;
      const label = fitLabel(item, style.fontSize, canvas);
      const spot = placeLabel(outline, labelSize(label, canvas), canvas, placed);
      placed.push(spot);
      labels.push(() => drawLabel(canvas, label, spot, style.color(item.classId)));
    }
    for (const draw of labels.reverse()) draw();
  };
}

function labelSize({ text, fontSize }: LabelText, canvas: Canvas): { width: number; height: number } {
  return {
    width: Math.min(canvas.width, Math.ceil(textWidth(text, fontSize) + 2 * padding * fontSize)),
    height: Math.min(canvas.height, Math.ceil(labelHeight * fontSize)),
  };
}

/** Fits the text into the image: the name is shortened first, then omitted, then the font is made smaller. */
function fitLabel({ label, score, trackId }: SceneObject, wanted: number, canvas: Canvas): LabelText {
  const parts = [trackId === undefined ? '' : `#${trackId}`, score === undefined ? '' : score.toFixed(2)];
  const ending = parts.filter((part) => part !== '').join(' ');
  const fontSize = Math.min(wanted, canvas.height / labelHeight);
  const room = canvas.width - 2 * padding * fontSize;
  const name = fitText(label, fontSize, room - textWidth(` ${ending}`, fontSize));
  if (name !== '') return { text: `${name} ${ending}`.trimEnd(), fontSize };
  const width = textWidth(ending, fontSize);
  const shrink = Math.max(0, canvas.width / (width + 2 * padding * fontSize));
  return { text: ending, fontSize: width > room ? fontSize * shrink : fontSize };
}

function drawLabel(canvas: Canvas, { text, fontSize }: LabelText, spot: Rectangle, background: Rgb): void {
  const { left, top, width, height } = spot;
  canvas.fillRect(spot, background, 1, Math.round(fontSize * 0.15));
  const x = left + (width - textWidth(text, fontSize)) / 2;
  const baseline = Math.round(top + (height + capHeight * fontSize) / 2);
  canvas.text(text, x, baseline, fontSize, readableOn(background));
}
