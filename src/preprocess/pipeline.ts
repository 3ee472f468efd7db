import type { RgbImage } from '../image/image';
import { loadBinding, type NativeResize } from '../native/binding';

/** OpenCV's interpolation codes, as the configurations write them. */
export type Interpolation = 0 | 1 | 2 | 3 | 4;

/** Where the resized image stands on a larger canvas. */
export interface Canvas {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly top: number;
  /** One value for each of the three planes, after whatever normalisation followed. */
  readonly fill: readonly [number, number, number];
}

/**
 * An image on its way into a network. Operators only record what is to be done, and one native pass at the end does
 * resizing, normalising, reordering and padding at once.
 */
export interface PipelineState {
  readonly source: RgbImage;
  readonly resize: NativeResize;
  /** What each 8-bit sample becomes, 256 entries for each channel. */
  readonly lookup: Float32Array;
  /** Whether any operator has changed `lookup`, after which pixels are no 8-bit samples any more. */
  readonly normalized: boolean;
  readonly canvas: Canvas | undefined;
  /** `[height, width]` as the network is told it. */
  readonly imShape: readonly [number, number];
  /** `[y, x]` factors as the network is told them. */
  readonly scaleFactor: readonly [number, number];
}

/** One step of preprocessing with its arguments, as read from a configuration. */
export interface PreprocessStep {
  /** The operator's name in the configuration. */
  readonly type: string;
  /** Its arguments, for people to read. */
  readonly parameters: Readonly<Record<string, unknown>>;
  apply(state: PipelineState): PipelineState;
}

/** The tensors that an image became. */
export interface NetworkImage {
  /** Planes, `[1, 3, height, width]`. */
  readonly image: { readonly shape: readonly number[]; readonly data: Float32Array };
  readonly imShape: readonly [number, number];
  readonly scaleFactor: readonly [number, number];
}

/** The size that the image has at this point, on its canvas if there is one. */
export function currentSize(state: PipelineState): { width: number; height: number } {
  return state.canvas ?? state.resize;
}

export function startPipeline(source: RgbImage): PipelineState {
  const { width, height } = source;
  return {
    source,
    resize: {
      sourceWidth: width,
      sourceHeight: height,
      channels: 3,
      width,
      height,
      stepX: 1,
      stepY: 1,
      interpolation: 1,
    },
    lookup: Float32Array.from({ length: 768 }, (_, i) => i % 256),
    normalized: false,
    canvas: undefined,
    imShape: [height, width],
    scaleFactor: [1, 1],
  };
}

/** Runs the steps on an image; the pixel work happens off the event loop. */
export async function runPipeline(source: RgbImage, steps: readonly PreprocessStep[]): Promise<NetworkImage> {
  const state = steps.reduce((current, step) => step.apply(current), startPipeline(source));
  const { width, height } = currentSize(state);
  const data = new Float32Array(3 * width * height);
  await loadBinding().imageToTensor(
    source.data,
    {
      resize: state.resize,
      lookup: state.lookup,
      channelOrder: [0, 1, 2],
      canvasWidth: width,
      canvasHeight: height,
      left: state.canvas?.left ?? 0,
      top: state.canvas?.top ?? 0,
      fill: Float32Array.from(state.canvas?.fill ?? [0, 0, 0]),
    },
    data,
  );
  return {
    image: { shape: [1, 3, height, width], data },
    imShape: state.imShape,
    scaleFactor: state.scaleFactor,
  };
}
