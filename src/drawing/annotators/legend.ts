import { type OptionChecks, oneOf, readOptions } from '../../options';
import type { Canvas } from '../canvas';
import { outlineOf, overlapArea, type Rectangle } from '../geometry';
import { capHeight, fitText, textWidth } from '../text';
import type { Annotator, Scene } from './annotator';

const corners = ['top-left', 'top-right', 'bottom-left', 'bottom-right'] as const;
export type Corner = (typeof corners)[number];

/** The position of the legend. */
export interface LegendOptions {
  /** Default: the corner that covers the least of the objects. */
  readonly corner?: Corner;
}

const checks = {
  corner: oneOf(corners),
} satisfies OptionChecks<LegendOptions>;

/** Height of a row, in ems. */
const row = 1.5;

/** Lists the classes in the picture with their colours, in a corner. */
export function createLegend(options: LegendOptions = {}): Annotator {
  const { corner } = readOptions('legend', options, checks);
  return (canvas, scene) => {
    const classes = [...new Set(scene.objects.map(({ classId }) => classId))].sort((a, b) => a - b);
    const { fontSize } = scene.style;
    const rows = Math.min(classes.length, Math.floor((canvas.height - fontSize) / (row * fontSize)));
    if (rows < 1) return;
    const names = classes
      .slice(0, rows)
      .map((classId, index) => ({ classId, name: nameOf(classId, index, rows, classes.length, scene) }));
    drawLegend(canvas, scene, names, corner);
  };
}

/** The last row has the number of omitted classes. */
function nameOf(classId: number, index: number, rows: number, count: number, { style }: Scene): string {
  return index === rows - 1 && count > rows ? `and ${count - rows + 1} more` : style.name(classId);
}

function drawLegend(
  canvas: Canvas,
  scene: Scene,
  names: readonly { readonly classId: number; readonly name: string }[],
  corner: Corner | undefined,
): void {
  const { fontSize, color } = scene.style;
  const swatch = Math.round(fontSize * 0.8);
  const room = canvas.width - 3 * fontSize - swatch;
  const fitted = names.map(({ classId, name }) => ({ classId, name: fitText(name, fontSize, room) }));
  const widest = Math.max(...fitted.map(({ name }) => textWidth(name, fontSize)));
  const size = {
    width: Math.ceil(widest + swatch + 1.6 * fontSize),
    height: Math.ceil(fitted.length * row * fontSize + 0.6 * fontSize),
  };
  const panel = choosePlace(canvas, scene, size, corner);
  canvas.fillRect(panel, [255, 255, 255], 0.86, fontSize * 0.3);
  fitted.forEach(({ classId, name }, index) => {
    const middle = panel.top + 0.3 * fontSize + (index + 0.5) * row * fontSize;
    const left = Math.round(panel.left + 0.5 * fontSize);
    const patch = { left, top: Math.round(middle - swatch / 2), width: swatch, height: swatch };
    canvas.fillRect(patch, color(classId));
    canvas.strokeRect(patch, 1, [90, 90, 90], 0.6);
    canvas.text(name, left + swatch + 0.5 * fontSize, middle + (capHeight * fontSize) / 2, fontSize, [20, 20, 20]);
  });
}

function choosePlace(
  canvas: Canvas,
  scene: Scene,
  size: Pick<Rectangle, 'width' | 'height'>,
  corner: Corner | undefined,
): Rectangle {
  const margin = Math.round(scene.style.fontSize * 0.4);
  const boxes = scene.objects.flatMap(({ box, score }) => {
    const outline = score === undefined ? undefined : outlineOf(box, 0, canvas);
    return outline === undefined ? [] : [outline];
  });
  const candidates = (corner === undefined ? corners : [corner]).map((name): Rectangle => {
    const left = name.endsWith('left') ? margin : canvas.width - margin - size.width;
    const top = name.startsWith('top') ? margin : canvas.height - margin - size.height;
    return { left: Math.max(0, left), top: Math.max(0, top), ...size };
  });
  const hidden = (place: Rectangle): number => boxes.reduce((sum, box) => sum + overlapArea(place, box), 0);
  return candidates.reduce((best, place) => (hidden(place) < hidden(best) ? place : best));
}
