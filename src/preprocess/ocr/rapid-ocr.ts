import type { PreprocessStep, RecordedStep } from '../../spec/preprocess-step';
import { resizeToSize } from '../geometry';
import { toPlanes } from '../planes';
import { calculate, currentSize, pad, reorder } from '../state';
import { ratioFor, roundTo32, type SideLimit, scaleSides } from './det-resize-for-test';

interface Size {
  readonly width: number;
  readonly height: number;
}

/** The image that RapidOCR's pipeline detects and reads text in. */
export interface RapidOcrFrame extends Size {
  /** Size of the image in it; black rows are added above and below. */
  readonly content: Size;
  readonly top: number;
}

/** `Global` of RapidOCR 1.4's configuration. */
const longest = 2000;
const shortest = 30;
const leastHeight = 30;
const widest = 8;

/** How RapidOCR changes an image before anything else: it limits its sides, and adds rows to low and to wide ones. */
export function rapidOcrFrame(image: Size): RapidOcrFrame {
  const reduced = limited(image, { side: longest, type: 'max' });
  const content = limited(reduced, { side: shortest, type: 'min' });
  const { width, height } = content;
  if (height > leastHeight && width / height <= widest) return { ...content, content, top: 0 };
  const wanted = 2 * Math.max(Math.trunc(width / widest), leastHeight);
  const top = Math.trunc(Math.abs(wanted - height) / 2);
  return { width, height: height + 2 * top, content, top };
}

/** A side below 16 pixels, for which RapidOCR fails, becomes 32. */
function limited(image: Size, limit: SideLimit): Size {
  const ratio = ratioFor(image, limit);
  if (ratio === 1) return image;
  const { width, height } = scaleSides(image, ratio);
  return { width: Math.max(32, roundTo32(width)), height: Math.max(32, roundTo32(height)) };
}

/** Makes this image. */
export const rapidOcrLimits: RecordedStep = {
  type: 'RapidOCR limits',
  parameters: { longest, shortest, leastHeight, widest },
  apply(state) {
    const { content, top, width, height } = rapidOcrFrame(currentSize(state));
    return pad(resizeToSize(state, content.width, content.height, 1), { width, height, top }, [0, 0, 0]);
  },
};

const resize: PreprocessStep = {
  type: 'Resize',
  parameters: { side: 736, type: 'min' },
  apply(state) {
    const from = currentSize(state);
    const { width, height } = scaleSides(from, ratioFor(from, { side: 736, type: 'min' }));
    const sides = { width: roundTo32(width), height: roundTo32(height) };
    const resized = resizeToSize(state, sides.width, sides.height, 1);
    return {
      ...resized,
      imShape: [sides.height, sides.width],
      scaleFactor: [sides.height / from.height, sides.width / from.width],
    };
  },
};

const normalize: PreprocessStep = {
  type: 'Normalize',
  parameters: { mean: 0.5, std: 0.5 },
  apply(state) {
    const scaled = calculate(reorder(state, [2, 1, 0]), 'multiply', [1 / 255], 'single');
    return toPlanes(calculate(calculate(scaled, 'subtract', [0.5], 'double'), 'divide', [0.5], 'double'));
  },
};

/** RapidOCR 1.4's preprocessing for its detector. */
export const rapidOcrSteps: readonly PreprocessStep[] = [rapidOcrLimits, resize, normalize];
