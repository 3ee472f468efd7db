import type { Scene, Style } from '../drawing/annotators/annotator';
import { annotators, chooseAnnotators } from '../drawing/annotators/annotators';
import { Canvas } from '../drawing/canvas';
import { colorsOf } from '../drawing/colors';
import { Picture } from '../drawing/picture';
import { PaddleLabError } from '../errors';
import { summarizeMissing } from '../fonts/missing';
import { decodeImage, type ImageInput, type RgbImage } from '../image/image';
import { readOptions } from '../options';
import type { PredictResult } from '../results';
import { canDraw, countOf, drawableKinds, isResult, objectsOf, taskOf } from '../tasks/tasks';
import { invalidArgument } from '../validate';
import { colorOfObjects } from './object-colors';
import { type VisualizeOptions, visualizeChecks } from './options';
import { styles } from './styles/styles';

export type { VisualizeOptions } from './options';

/**
 * Draws a prediction on its image and returns the picture; neither the image nor the result is changed.
 *
 * Boxes and masks are in pixels of the original, EXIF-upright image, origin top left. Each class has the same colour in
 * every picture. Fonts for Latin, Greek, Cyrillic and Chinese letters are part of the package, so that a machine without fonts draws
 * the same picture; `fonts` has others.
 *
 * @param image the image of the prediction: a file path, the bytes of a file, a sharp instance, or RGB pixels
 * @param result the result of `predict` for it
 * @throws PaddleLabError FILE_NOT_FOUND, IMAGE_UNREADABLE, INVALID_ARGUMENT (also for an image of another size than
 *   the result's), UNKNOWN_OPTION
 *
 * @example
 * const picture = await visualize('shapes.png', await predict(model, 'shapes.png'), { threshold: 0.7 });
 * await picture.save('out/shapes.png');
 */
export async function visualize(
  image: ImageInput | RgbImage,
  result: PredictResult,
  options: VisualizeOptions = {},
): Promise<Picture> {
  checkResult(result);
  const given = readOptions('visualize', options, visualizeChecks);
  const { style = 'default', palette = 'default', scale = 1, opacity = 0.45, labels = [], threshold } = given;
  const chosen = chooseAnnotators(options.annotators ?? taskOf(result).annotators);
  if (wantsLegend(options, result)) chosen.push(annotators.legend({}));

  const pixels = await pixelsOf(image, result);
  const name = (classId: number): string => labels[classId] ?? result.labels[classId] ?? String(classId);
  const objects = objectsOf(result, name, threshold);
  const color = colorsOf(palette);
  const colorOf = colorOfObjects(given.colorBy ?? 'class', objects, color);
  const look: Style = { ...sizes(pixels, scale), opacity, color, colorOf, name };
  const scene: Scene = { image: pixels, result, objects, style: look };
  if (style !== 'default') return await styles[style](scene, options);

  const canvas = new Canvas(pixels);
  const background = backgroundOf(result, options.background);
  const seen = { ...scene, objects: objects.filter(({ classId }) => classId !== background) };
  for (const annotate of chosen) annotate(canvas, seen);
  const data = await canvas.render();
  const caption = [captionOf(result, objects.length), ...noteOf(canvas)].join('; ');
  return new Picture({ width: canvas.width, height: canvas.height, data }, caption);
}

/** The class of a segmentation that is left as it is. */
function backgroundOf(result: PredictResult, wanted: number | false | undefined): number | undefined {
  if (wanted === false || (wanted === undefined && result.kind !== 'semantic-segmentation')) return undefined;
  if (wanted === undefined) {
    const named = result.labels.findIndex((label) => /^_*background_*$/i.test(label));
    return named === -1 ? undefined : named;
  }
  if (result.kind === 'semantic-segmentation') return wanted;
  const expected = 'Expected a semantic segmentation for background';
  throw new PaddleLabError('INVALID_ARGUMENT', `${expected} but received a result of kind "${result.kind}"`);
}

/** A legend that is already among the annotators is not drawn twice. */
function wantsLegend({ legend, annotators: chosen }: VisualizeOptions, result: PredictResult): boolean {
  const kinds = (chosen ?? taskOf(result).annotators).map((item) => (typeof item === 'object' ? item.kind : item));
  return legend === true && !kinds.includes('legend');
}

function captionOf(result: PredictResult, drawn: number): string {
  const { objects, nouns } = taskOf(result);
  const count = objects === undefined ? countOf(result) : drawn;
  return `${count} ${nouns[count === 1 ? 0 : 1]}`;
}

function noteOf({ missingLetters }: Canvas): string[] {
  return missingLetters.length === 0 ? [] : [summarizeMissing(missingLetters)];
}

/** Lines and text grow more slowly than the image: large images are viewed from further away. */
function sizes(image: RgbImage, scale: number): { line: number; fontSize: number } {
  const relative = Math.sqrt(image.width * image.height) / 554; // 1 for 640×480
  return {
    line: Math.max(1, Math.round(2 * relative ** (relative < 1 ? 0.3 : 0.7) * scale)),
    // Rounded to half pixels, so that cached letters can be reused in the next picture.
    fontSize: Math.round(Math.max(10, 15 * relative ** 0.6) * scale * 2) / 2,
  };
}

function checkResult(result: unknown): asserts result is PredictResult {
  const { kind, image } = (result ?? {}) as Partial<PredictResult>;
  if (typeof kind !== 'string' || image === undefined) throw invalidArgument('result', 'one result of predict', result);
  const task = isResult(result as PredictResult) ? taskOf(result as PredictResult) : undefined;
  if (task === undefined || !canDraw(task)) {
    const own = kind === 'custom' ? '; add objects or annotators to your task' : '';
    throw new PaddleLabError(
      'INVALID_ARGUMENT',
      `Expected a result that can be drawn (${drawableKinds().join(', ')}) for result but received kind "${kind}"${own}`,
    );
  }
  const things: unknown = (result as PredictResult)[task.content as keyof PredictResult];
  if (kind !== 'custom' && !Array.isArray(things)) throw invalidArgument('result', 'one result of predict', result);
}

/** The image as pixels; the flat page of a text that was read after unwarping. */
export async function pixelsOf(image: ImageInput | RgbImage, result: PredictResult): Promise<RgbImage> {
  if (result.kind === 'text' && result.unwarped !== undefined) return result.unwarped;
  const pixels = isRgbImage(image) ? image : await decodeImage(image);
  checkSize(pixels, result);
  return pixels;
}

function checkSize(image: RgbImage, { image: { width, height } }: PredictResult): void {
  if (image.width === width && image.height === height) return;
  throw refuseImage(`image of ${width}×${height} pixels, the size of the result`, `${image.width}×${image.height}`);
}

function isRgbImage(image: ImageInput | RgbImage): image is RgbImage {
  const { width, height, data } = (image ?? {}) as Partial<RgbImage>;
  if (width === undefined || height === undefined || !(data instanceof Uint8Array)) return false;
  const whole = Number.isSafeInteger(width) && Number.isSafeInteger(height) && width > 0 && height > 0;
  if (whole && data.length === width * height * 3) return true;
  throw refuseImage('RGB pixels of width × height × 3 bytes', `${data.length} bytes for ${width}×${height}`);
}

function refuseImage(expected: string, received: string): PaddleLabError {
  return new PaddleLabError('INVALID_ARGUMENT', `Expected ${expected} for image but received ${received}`);
}
