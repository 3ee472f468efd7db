import { integer, type OptionChecks, readOptions } from '../../options';
import type { Canvas } from '../canvas';
import { capHeight, fitText, textWidth } from '../text';
import type { Annotator, Scene } from './annotator';

/** The number of classes. */
export interface TopClassesOptions {
  /** An integer ≥ 1; default 5, limited to the available space. */
  readonly count?: number;
}

const checks = {
  count: integer(1),
} satisfies OptionChecks<TopClassesOptions>;

/** Height of a row, in ems. */
const row = 1.6;

/** Shows the best classes of a classification as bars at the bottom of the image; their lengths are the scores. */
export function createTopClasses(options: TopClassesOptions = {}): Annotator {
  const { count = 5 } = readOptions('topClasses', options, checks);
  return (canvas, scene) => {
    const { result, style } = scene;
    if (result.kind !== 'classification') return;
    // Text of the usual size would cover a small image.
    const fontSize = Math.max(7, Math.min(style.fontSize, canvas.width / 14, canvas.height / 8));
    const fitting = Math.floor((0.6 * canvas.height) / (row * fontSize));
    const classes = result.classes.slice(0, Math.max(1, Math.min(count, fitting)));
    drawBars(canvas, scene, classes, fontSize);
  };
}

function drawBars(
  canvas: Canvas,
  { style }: Scene,
  classes: readonly { readonly classId: number; readonly score: number }[],
  fontSize: number,
): void {
  const height = Math.ceil((classes.length * row + 0.5) * fontSize);
  const top = canvas.height - height;
  canvas.fillRect({ left: 0, top, width: canvas.width, height }, [0, 0, 0], 0.62);
  const scoreWidth = textWidth('0.00', fontSize) + fontSize;
  const wanted = Math.max(0, ...classes.map(({ classId }) => textWidth(style.name(classId), fontSize)));
  const nameWidth = Math.min(0.42 * canvas.width, wanted);
  const left = Math.round(nameWidth + fontSize);
  const room = Math.max(1, canvas.width - left - scoreWidth);
  classes.forEach(({ classId, score }, index) => {
    const middle = top + (0.25 + (index + 0.5) * row) * fontSize;
    const baseline = middle + (capHeight * fontSize) / 2;
    const name = fitText(style.name(classId), fontSize, nameWidth);
    canvas.text(name, left - 0.5 * fontSize - textWidth(name, fontSize), baseline, fontSize, [255, 255, 255]);
    const bar = { left, top: Math.round(middle - 0.42 * fontSize), width: room, height: Math.round(0.84 * fontSize) };
    canvas.fillRect(bar, [255, 255, 255], 0.16);
    const width = Math.round(room * Math.min(1, Math.max(0, score)));
    if (width > 0) canvas.fillRect({ ...bar, width }, style.color(classId));
    canvas.text(score.toFixed(2), left + room + 0.4 * fontSize, baseline, fontSize, [255, 255, 255]);
  });
}
