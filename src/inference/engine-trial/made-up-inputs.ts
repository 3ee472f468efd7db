import { type DataType, dataTypeCode, dataTypeOfArray, type TensorData } from '../data-type';
import type { OutlineInput } from '../program-check/program-desc';
import type { TrialInput } from './trial-protocol';

/** Largest number of elements of a generated input. */
const mostElements = 2 ** 26;

/** Side of a generated image if the program leaves it open. */
export const guessedSides = [224, 320] as const;
/** Size of any other open dimension. */
const guessedExtent = 16;
/** Sizes that count as the channels of an image. */
const channelCounts = [1, 3, 4];

/** Generates inputs for the declared shapes; undefined if a type or a shape is not supported. */
export function guessInputs(
  declared: readonly OutlineInput[],
  side: number = guessedSides[0],
): TrialInput[] | undefined {
  const feeds: TrialInput[] = [];
  for (const { name, dtype, shape } of declared) {
    const guessed = guessShape(shape, side);
    const count = guessed.reduce((product, extent) => product * extent, 1);
    if (guessed.some((extent) => extent < 1) || count > mostElements) return undefined;
    if (dtype === undefined || dtype === 'string') return undefined;
    const data = makeData(dtype, guessed);
    if (data === undefined) return undefined;
    // Detectors also take the image's height and width, and its scale factors.
    if (/^im_(shape|info|size)$/.test(name)) for (let i = 0; i < data.length; i++) setNumber(data, i, i < 2 ? side : 1);
    if (name === 'scale_factor') for (let i = 0; i < data.length; i++) setNumber(data, i, 1);
    feeds.push({ name, type: dataTypeCode(dtype), shape: guessed, lod: [], data });
  }
  return feeds;
}

/** One image of three channels, in the layout implied by the fixed dimensions; NCHW if they imply none. */
function guessShape(shape: readonly number[], side: number): number[] {
  const isChannels = (axis: number): boolean => channelCounts.includes(shape[axis] ?? -1);
  const channelAxis = isChannels(3) && !isChannels(1) ? 3 : 1;
  return shape.map((extent, axis) => {
    if (extent !== -1) return extent;
    if (axis === 0) return 1;
    if (shape.length !== 4) return guessedExtent;
    return axis === channelAxis ? 3 : side;
  });
}

/** Whether dimensions other than the batch size were guessed. */
export function leavesSizesOpen(declared: readonly OutlineInput[]): boolean {
  return declared.some(({ shape }) => shape.includes(-1, 1));
}

/** Whether a tensor's shape matches the declared one; −1 is an open dimension. */
export function fitsDeclared(declared: readonly number[], shape: readonly number[]): boolean {
  return declared.length === shape.length && declared.every((extent, axis) => extent === -1 || extent === shape[axis]);
}

const arrays = [Float32Array, Float64Array, BigInt64Array, Int32Array, Uint8Array, Int8Array];

/**
 * Floats from −1 to 1 and bytes in a pattern, because many engine errors don't show on a constant. Other integers are
 * 0, an index that is valid in every table.
 */
function makeData(dtype: DataType, shape: readonly number[]): TensorData | undefined {
  const found = arrays.find((array) => dataTypeOfArray(new array(0)) === dtype);
  if (found === undefined) return undefined;
  const data = new found(shape.reduce((product, extent) => product * extent, 1));
  const at = patternOf(shape);
  if (data instanceof Float32Array || data instanceof Float64Array) {
    for (let i = 0; i < data.length; i++) data[i] = 2 * at(i) - 1;
  } else if (data instanceof Uint8Array) {
    for (let i = 0; i < data.length; i++) data[i] = Math.round(255 * at(i));
  }
  return data;
}

/** Discs on a gradient, with a different brightness per channel; waves if it is not an image. From 0 to 1. */
function patternOf(shape: readonly number[]): (i: number) => number {
  if (shape.length !== 4) return (i) => 0.5 + 0.3 * Math.sin(i / 9) + 0.2 * Math.sin(i / 911);
  const last = channelCounts.includes(shape[3] as number) && !channelCounts.includes(shape[1] as number);
  const [height, width] = (last ? shape.slice(1, 3) : shape.slice(2)) as [number, number];
  const channels = last ? (shape[3] as number) : 1;
  const radius = Math.max(2, Math.min(height, width) / 5);
  return (i) => {
    const pixel = Math.floor(i / channels) % (height * width);
    const channel = last ? i % channels : Math.floor(i / (height * width)) % 3;
    const [x, y] = [pixel % width, Math.floor(pixel / width)];
    const [dx, dy] = [(x % (3 * radius)) - 1.5 * radius, (y % (3 * radius)) - 1.5 * radius];
    return dx * dx + dy * dy < radius * radius ? 0.9 - 0.35 * channel : 0.2 + (0.4 * (x + y)) / (width + height);
  };
}

function setNumber(data: TensorData, i: number, value: number): void {
  if (data instanceof BigInt64Array) data[i] = BigInt(value);
  else (data as Float32Array)[i] = value;
}
