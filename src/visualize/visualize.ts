import { PaddleLabError } from '../errors';
import { decodeImage, type ImageInput, type RgbImage } from '../image/image';
import type { AnyDetectionResult, PredictResult } from '../results';
import { checkNumber, checkOneOf, checkOptions, invalidArgument } from '../validate';
import type { Annotator, Style } from './annotators/annotator';
import { type AnnotatorName, annotators, type DrawableResult, defaultAnnotators } from './annotators/registry';
import { Canvas } from './canvas';
import { classColor, type PaletteName, paletteNames } from './palette';
import { Picture } from './picture';

/** How `visualize` draws. */
export interface VisualizeOptions {
  /** What is drawn, in this order; default: masks, boxes, then labels, as far as the result has them. */
  readonly annotators?: readonly (AnnotatorName | Annotator)[];
  /** Only detections with a score above this are drawn, 0 to 1; default: all that the result holds. */
  readonly threshold?: number;
  /** Of mask fills, 0 (invisible) to 1 (opaque); default 0.45. */
  readonly opacity?: number;
  /** `default` is safe for the colour-blind; `paddle` is the palette of Paddle's Python scripts. */
  readonly palette?: PaletteName;
  /** Multiplies the width of lines and the size of text, which follow the image's size; 0.1 to 20, default 1. */
  readonly scale?: number;
}

const optionNames: readonly (keyof VisualizeOptions)[] = ['annotators', 'threshold', 'opacity', 'palette', 'scale'];

/**
 * Draws a prediction on its image and returns the picture; neither the image nor the result is changed.
 *
 * Objects, instances and the classes of a semantic segmentation can be drawn; of rotated boxes the upright ones are.
 * Boxes and masks are in pixels of the original, EXIF-upright image, origin top left. Each class has its colour, the
 * same in every picture. Text is drawn from outlines, so it looks the same on a machine without fonts.
 *
 * @param image the image that was predicted on: a file path, the bytes of a file, a sharp instance, or RGB pixels
 * @param result what `predict` returned for it
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
  checkOptions('visualize', options, optionNames);
  const chosen = chooseAnnotators(options.annotators ?? defaultAnnotators[result.kind]);
  const threshold = checkNumber('threshold', options.threshold ?? 0, 0, 1);
  const opacity = checkNumber('opacity', options.opacity ?? 0.45, 0, 1);
  const palette = checkOneOf('palette', options.palette ?? 'default', paletteNames);
  const scale = checkNumber('scale', options.scale ?? 1, 0.1, 20);

  const pixels = isRgbImage(image) ? image : await decodeImage(image);
  checkSize(pixels, result);
  const objects = asObjects(result);
  const shown = options.threshold === undefined ? objects : aboveThreshold(objects, threshold);
  const style: Style = { ...sizes(pixels, scale), opacity, color: (classId) => classColor(classId, palette) };
  const canvas = new Canvas(pixels);
  for (const annotate of chosen) annotate(canvas, { result: shown, style });

  const data = await canvas.render();
  const count = shown.detections.length;
  const what = result.kind === 'semantic-segmentation' ? 'class' : 'detection';
  const plural = what === 'class' ? 'es' : 's';
  return new Picture(
    { width: canvas.width, height: canvas.height, data },
    `${count} ${what}${count === 1 ? '' : plural}`,
  );
}

/** Lines and text grow with the image, but more slowly: a large image is looked at from further away, not as small. */
function sizes(image: RgbImage, scale: number): { line: number; fontSize: number } {
  const relative = Math.sqrt(image.width * image.height) / 554; // 1 for 640×480
  return {
    line: Math.max(1, Math.round(2 * relative ** (relative < 1 ? 0.3 : 0.7) * scale)),
    fontSize: Math.max(10, 15 * relative ** 0.6) * scale,
  };
}

function chooseAnnotators(wanted: unknown): Annotator[] {
  if (!Array.isArray(wanted)) throw invalidArgument('annotators', 'array of annotators', wanted);
  const names = Object.keys(annotators) as AnnotatorName[];
  return wanted.map((item: unknown, index) =>
    typeof item === 'function' ? (item as Annotator) : annotators[checkOneOf(`annotators[${index}]`, item, names)],
  );
}

function checkResult(result: unknown): asserts result is DrawableResult {
  const { kind, image } = (result ?? {}) as Partial<PredictResult>;
  if (typeof kind !== 'string' || image === undefined) throw invalidArgument('result', 'one result of predict', result);
  const drawable = Object.keys(defaultAnnotators);
  if (!drawable.includes(kind)) {
    throw new PaddleLabError(
      'INVALID_ARGUMENT',
      `Expected a result that can be drawn (${drawable.join(', ')}) for result but received kind "${kind}"`,
    );
  }
  const { detections, segments } = result as Partial<DrawableResult>;
  if (!Array.isArray(detections ?? segments)) throw invalidArgument('result', 'one result of predict', result);
}

/** Segments as instances that lie on the whole image, which is what annotators draw. */
function asObjects(result: DrawableResult): AnyDetectionResult {
  if (result.kind !== 'semantic-segmentation') return result;
  const { segments, image, threshold, labels, timings } = result;
  const box = [0, 0, image.width, image.height] as const;
  const detections = segments.map(({ classId, label, mask }) => ({ classId, label, score: 1, box, mask }));
  return { kind: 'instance-segmentation', image, threshold, labels, timings, detections };
}

function checkSize(image: RgbImage, { image: { width, height } }: DrawableResult): void {
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

function aboveThreshold(result: AnyDetectionResult, threshold: number): AnyDetectionResult {
  const detections = result.detections.filter(({ score }) => score > threshold);
  return { ...result, detections } as AnyDetectionResult;
}
