import type { Rectangle } from '../drawing/geometry';
import { PaddleLabError } from '../errors';
import type { RgbImage } from '../image/image';
import type { NativeArithmetic, NativeGeometry, NativeMap } from '../native/image-types';
import type { PipelineState } from '../spec/preprocess-step';

export type { Affine, PipelineState, Shape } from '../spec/preprocess-step';

/** The current size of the image, including its canvas if there is one. */
export function currentSize(state: PipelineState): { width: number; height: number } {
  return { width: state.map.width, height: state.map.height };
}

/** Current number of channels. */
export function channelCount(state: PipelineState): number {
  return state.map.order.length;
}

export function startState(
  source: Pick<RgbImage, 'width' | 'height'> & { readonly channels?: number },
  floats = false,
): PipelineState {
  const { width, height, channels = 3 } = source;
  return {
    ...freshPass(width, height, channels, floats),
    passes: [],
    planes: false,
    content: { left: 0, top: 0, width, height },
    origShape: [height, width],
    imShape: [height, width],
    scaleFactor: [1, 1],
    resizeShape: [height, width],
    padShape: undefined,
    affine: undefined,
  };
}

function freshPass(
  width: number,
  height: number,
  channels: number,
  floats: boolean,
): Pick<PipelineState, 'geometry' | 'map' | 'readsFloats' | 'floats'> {
  return {
    geometry: { kind: 'none', width, height },
    map: {
      order: Array.from({ length: channels }, (_, i) => i),
      arithmetic: [],
      ...{ width, height, left: 0, top: 0 },
      fill: Array<number>(channels).fill(0),
      planes: false,
      bytes: false,
    },
    readsFloats: floats,
    floats,
  };
}

/** Completes the current pass, so that the next operator uses its result. */
export function completePass(state: PipelineState, bytes: boolean = !state.floats): PipelineState {
  const { width, height } = currentSize(state);
  const pass = { geometry: state.geometry, map: { ...state.map, bytes } };
  return {
    ...state,
    ...freshPass(width, height, channelCount(state), !bytes),
    passes: [...state.passes, pass],
  };
}

/**
 * Limit of 800 MB of float32: larger images come from a mistake, for example enlarging the short side of a very narrow
 * picture.
 */
const maximumPixels = 2 ** 26;

function checkArea({ width, height }: { width: number; height: number }): void {
  if (width * height <= maximumPixels) return;
  throw new PaddleLabError(
    'CONFIG_INVALID',
    `Expected at most ${maximumPixels} pixels after preprocessing but this image would become ${width}×${height}`,
  );
}

/** Records a geometry; steps recorded earlier in this pass run first. */
export function move(state: PipelineState, geometry: NativeGeometry): PipelineState {
  checkArea(geometry);
  const ready = isUntouched(state) ? state : completePass(state);
  const { width, height } = geometry;
  return { ...ready, geometry, map: { ...ready.map, width, height }, content: contentAfter(state, geometry) };
}

function contentAfter(state: PipelineState, geometry: NativeGeometry): Rectangle {
  const { left, top, width, height } = state.content;
  const from = currentSize(state);
  switch (geometry.kind) {
    case 'none':
      return state.content;
    case 'resize':
    case 'pillow': {
      const [x, y] = [geometry.width / from.width, geometry.height / from.height];
      return { left: left * x, top: top * y, width: width * x, height: height * y };
    }
    case 'crop': {
      const [x, y] = [Math.max(0, left - geometry.left), Math.max(0, top - geometry.top)];
      const right = Math.min(geometry.width, left + width - geometry.left);
      const bottom = Math.min(geometry.height, top + height - geometry.top);
      return { left: x, top: y, width: right - x, height: bottom - y };
    }
    // The image may be turned: there is no rectangle of it.
    case 'warp':
      return { left: 0, top: 0, width: geometry.width, height: geometry.height };
  }
}

/** Whether a geometry can still be recorded for this pass; it gives the same before and after a change of channels. */
function isUntouched({ geometry, map, floats, readsFloats }: PipelineState): boolean {
  const unmoved = geometry.kind === 'none' && !hasCanvas(geometry, map);
  return unmoved && map.arithmetic.length === 0 && floats === readsFloats;
}

function hasCanvas(geometry: NativeGeometry, map: NativeMap): boolean {
  return map.width !== geometry.width || map.height !== geometry.height;
}

/** Puts the image on a larger canvas; `fill` has one value for every channel. */
export function pad(
  state: PipelineState,
  canvas: { width: number; height: number; left?: number; top?: number },
  fill: readonly number[],
): PipelineState {
  const { width, height, left = 0, top = 0 } = canvas;
  const current = currentSize(state);
  if (current.width === width && current.height === height) return state;
  checkArea(canvas);
  const ready = hasCanvas(state.geometry, state.map) ? completePass(state) : state;
  const content = { ...state.content, left: state.content.left + left, top: state.content.top + top };
  return { ...ready, map: { ...ready.map, width, height, left, top, fill }, content };
}

/** Converts pixels to float32. */
export function toFloats(state: PipelineState): PipelineState {
  return { ...state, floats: true };
}

/** Converts pixels to 8-bit by truncation, like numpy's `astype('uint8')`. */
export function toBytes(state: PipelineState): PipelineState {
  return state.floats ? completePass(state, true) : state;
}

/** Applies arithmetic with a constant per channel; pixels are float32 afterwards. */
export function calculate(
  state: PipelineState,
  kind: NativeArithmetic['kind'],
  values: readonly number[],
  precision: 'single' | 'double',
): PipelineState {
  const channels = channelCount(state);
  const step = {
    kind,
    double: precision === 'double',
    values: Array.from({ length: channels }, (_, i) => values[i % values.length] as number),
  };
  const fill = state.map.fill.map((value, i) => calculateOne(step, value, i));
  return { ...state, floats: true, map: { ...state.map, arithmetic: [...state.map.arithmetic, step], fill } };
}

function calculateOne({ kind, double, values }: NativeArithmetic, left: number, channel: number): number {
  const value = values[channel] as number;
  const right = double ? value : Math.fround(value);
  if (kind === 'multiply') return Math.fround(left * right);
  if (kind === 'divide') return Math.fround(left / right);
  return Math.fround(kind === 'add' ? left + right : left - right);
}

/** Reorders channels; −1 adds a channel of zeros. */
export function reorder(state: PipelineState, order: readonly number[]): PipelineState {
  const ready = order.includes(-1) ? completePass(state) : state;
  const pick = <T>(values: readonly T[], missing: T): T[] => order.map((i) => (i < 0 ? missing : (values[i] as T)));
  const { map } = ready;
  const arithmetic = map.arithmetic.map((step) => ({ ...step, values: pick(step.values, 0) }));
  return { ...ready, map: { ...map, order: pick(map.order, -1), arithmetic, fill: pick(map.fill, 0) } };
}
