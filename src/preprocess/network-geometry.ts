import type { NetworkGeometry } from '../spec/network-geometry';
import type { PreprocessStep } from '../spec/preprocess-step';
import { currentSize, startState } from './state';

/** Computes sizes only, without pixels. User-defined operators are assumed to keep the size. */
export function geometryOf(
  steps: readonly PreprocessStep[],
  image: { readonly width: number; readonly height: number },
): NetworkGeometry {
  let state = startState(image);
  for (const step of steps) if ('apply' in step) state = step.apply(state);
  const { width, height } = currentSize(state);
  const { imShape, scaleFactor, content } = state;
  return {
    size: [height, width],
    content: [content.height, content.width],
    origin: [content.top, content.left],
    imShape,
    scaleFactor,
  };
}

/** The fixed `[height, width]` of the network's input; undefined if it depends on the image. */
export function fixedInputSize(steps: readonly PreprocessStep[]): readonly [height: number, width: number] | undefined {
  if (steps.length === 0) return undefined;
  try {
    const { size } = geometryOf(steps, { width: 640, height: 480 });
    // High, and wide like a line of text.
    const others = [
      { width: 333, height: 777 },
      { width: 4000, height: 500 },
    ].map((image) => geometryOf(steps, image).size);
    return others.every((other) => size[0] === other[0] && size[1] === other[1]) ? size : undefined;
  } catch {
    // An operator may refuse an image of this size; that tells nothing about the model.
    return undefined;
  }
}
