import { classColor } from '../../display/palette';
import type { Scene, SceneObject } from '../../drawing/annotators/annotator';
import { cornersOf } from '../../drawing/annotators/rotated-box';
import { Canvas } from '../../drawing/canvas';
import { Picture } from '../../drawing/picture';
import type { RleMask } from '../../results';
import type { VisualizeOptions } from '../options';
import { drawPersons } from './paddledetection-keypoints';
import { drawPillowText, measurePillowText } from './pillow-text';
import { refuseKind, refuseOptions } from './refuse';

/** Opacity of the masks; fixed in Paddle's script. */
const maskAlpha = 0.7;
/** Share of white that is mixed into a class's colour with every mask of the class. */
const whiteRatio = 0.4;

/** Draws like `visualize.py` of PaddleDetection's deploy scripts, on the upright image (the script ignores EXIF). */
export async function drawPaddleDetection(scene: Scene, options: VisualizeOptions): Promise<Picture> {
  const { result, objects, image } = scene;
  const kinds = ['detection', 'rotated-detection', 'instance-segmentation', 'keypoints'];
  if (!kinds.includes(result.kind)) throw refuseKind('paddledetection', kinds, result.kind);
  refuseOptions('paddledetection', options, ['threshold', 'labels']);
  const canvas = new Canvas(image);
  if (result.kind === 'keypoints') drawPersons(canvas, objects);
  if (result.kind === 'instance-segmentation') drawMasks(canvas, objects);
  if (result.kind !== 'keypoints') for (const item of objects) drawObject(canvas, item);
  const caption = `${objects.length} ${result.kind === 'keypoints' ? 'people' : 'detections'}`;
  return new Picture({ width: image.width, height: image.height, data: await canvas.render() }, caption);
}

/** The script lightens the colour of a class in place, so that each further mask of the class is paler. */
function drawMasks(canvas: Canvas, objects: readonly SceneObject[]): void {
  const colors = new Map<number, readonly number[]>();
  const tinted: { mask: RleMask; color: readonly number[] }[] = [];
  for (const { mask, classId } of objects) {
    if (mask === undefined) continue;
    const before = colors.get(classId) ?? classColor(classId, 'paddle');
    const color = before.map((value) => value * (1 - whiteRatio) + whiteRatio * 255);
    colors.set(classId, color);
    tinted.push({ mask, color });
  }
  canvas.floatMasks(tinted, maskAlpha);
}

function drawObject(canvas: Canvas, item: SceneObject): void {
  const { box, corners, classId, label, score } = item;
  const color = classColor(classId, 'paddle');
  let [left, top] = [box[0], box[1]];
  if (corners === undefined) {
    const width = Math.max(1, Math.floor(Math.min(canvas.width, canvas.height) / 320));
    drawPillowBox(canvas, item, width);
  } else {
    const points = cornersOf(item);
    canvas.line(points, 2, color, 1, 'closed');
    left = Math.min(...points.map(([x]) => x));
    top = Math.min(...points.map(([, y]) => y));
  }
  const text = `${label} ${(score ?? 0).toFixed(4)}`;
  const size = measurePillowText(text);
  // Pillow includes both ends of a rectangle, and truncates fractions.
  const place = { left: Math.trunc(left + 1), top: Math.trunc(top - size.height) };
  const [right, bottom] = [Math.trunc(left + size.width + 1), Math.trunc(top)];
  canvas.fillRect({ ...place, width: right - place.left + 1, height: bottom - place.top + 1 }, color);
  drawPillowText(canvas, text, left + 1, top - size.height, [255, 255, 255]);
}

/**
 * Pillow's lines from the top left corner down, right, up and back: for even widths the extra pixel is on the right of
 * the line's direction.
 */
function drawPillowBox(canvas: Canvas, { box, classId }: SceneObject, width: number): void {
  const [x1, y1, x2, y2] = box.map(Math.trunc) as [number, number, number, number];
  const color = classColor(classId, 'paddle');
  const [more, less] = [Math.ceil((width - 1) / 2), Math.floor((width - 1) / 2)];
  const column = (x: number): void => canvas.fillRect({ left: x, top: y1, width, height: y2 - y1 + 1 }, color);
  const row = (y: number): void => canvas.fillRect({ left: x1, top: y, width: x2 - x1 + 1, height: width }, color);
  column(x1 - less);
  row(y2 - less);
  column(x2 - more);
  row(y1 - more);
}
