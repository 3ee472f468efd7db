import type { Tensor, TensorInput } from '../inference/tensor';
import type { PreparedImage } from '../model-io/model-io';
import { unsupported } from '../postprocess/boxes';
import type { ModelSpec } from '../spec/spec';
import { taskOfModel } from '../tasks/tasks';

/** Whether several images can go through the network at once: not where the scripts themselves take one at a time. */
export function mayBatch(spec: ModelSpec, declared: readonly { readonly shape: readonly number[] }[]): boolean {
  if (spec.conventions.batches === 'one image' || spec.task === 'tensors' || spec.task === 'custom') return false;
  return declared.every(({ shape }) => shape[0] === undefined || shape[0] < 0);
}

/** Splits images into runs, in their order: all that fit together, at most `size` a run. */
export function groupImages<I extends PreparedImage>(spec: ModelSpec, images: readonly I[], size: number): I[][] {
  const pads = spec.conventions.batches === 'padded';
  const groups: I[][] = [];
  for (const image of images) {
    const last = groups.at(-1);
    const fits = last !== undefined && last.length < size && (pads || shapeOf(last[0]) === shapeOf(image));
    if (fits) last.push(image);
    else groups.push([image]);
  }
  return groups;
}

function shapeOf(image: PreparedImage | undefined): string {
  return JSON.stringify(Object.values(image?.inputs ?? {}).map(({ shape }) => shape));
}

/** The inputs of several images as one run's. */
export function stackInputs(images: readonly PreparedImage[]): Inputs {
  const [first] = images;
  if (first === undefined || images.length === 1) return first?.inputs ?? {};
  return eachInput(first, (name) => stack(images.map(({ inputs }) => inputs[name] as TensorInput)));
}

/** The inputs of each image alone, as large as they would be in one run with the others. */
export function padInputs(images: readonly PreparedImage[]): Inputs[] {
  return images.map((image) =>
    eachInput(image, (name) => {
      const own = image.inputs[name] as TensorInput;
      const largest = largestSize(images.map(({ inputs }) => inputs[name] as TensorInput));
      const [height, width] = own.shape.slice(2);
      return height === largest[0] && width === largest[1] ? own : stack([own], largest);
    }),
  );
}

type Inputs = PreparedImage['inputs'];

function eachInput(image: PreparedImage, make: (name: string) => TensorInput): Inputs {
  return Object.fromEntries(Object.keys(image.inputs).map((name) => [name, make(name)]));
}

function largestSize(tensors: readonly TensorInput[]): [height: number, width: number] {
  const { shape } = tensors[0] as TensorInput;
  if (shape.length < 4) return [shape[2] ?? 1, shape[3] ?? 1];
  return [2, 3].map((axis) => Math.max(...tensors.map((one) => one.shape[axis] as number))) as [number, number];
}

/** Tensors `[1,C,H,W]` padded with zeros to the largest one; tensors of less rank have equal shapes. */
function stack(tensors: readonly TensorInput[], [height, width] = largestSize(tensors)): TensorInput {
  const { shape } = tensors[0] as TensorInput;
  const [, channels = 1] = shape;
  const data = new Float32Array(tensors.length * channels * height * width);
  tensors.forEach((tensor, n) => {
    const [ownHeight, ownWidth] = shape.length < 4 ? [height, width] : (tensor.shape.slice(2) as [number, number]);
    const source = tensor.data as Float32Array;
    for (let row = 0; row < channels * ownHeight; row++) {
      const channel = Math.floor(row / ownHeight);
      const to = ((n * channels + channel) * height + (row % ownHeight)) * width;
      data.set(source.subarray(row * ownWidth, (row + 1) * ownWidth), to);
    }
  });
  return { shape: [tensors.length, ...[channels, height, width].slice(0, shape.length - 1)], data };
}

/** Each image's own part of what a run answered. */
export function splitOutputs(spec: ModelSpec, outputs: readonly Tensor[], images: number): Tensor[][] {
  if (images === 1) return [[...outputs]];
  if (taskOfModel(spec).boxRows && outputs[0]?.shape.length === 2) return splitRows(outputs, images);
  if (outputs.some(({ shape }) => shape[0] !== images)) throw unsupported(`outputs for ${images} images`, outputs);
  return Array.from({ length: images }, (_, n) => outputs.map((output) => slice(output, n, n + 1)));
}

/** Rows of boxes (and masks) stand one image after another, as many each as output 1 says. */
function splitRows(outputs: readonly Tensor[], images: number): Tensor[][] {
  const [boxes, numbers, ...others] = outputs as [Tensor, Tensor | undefined, ...Tensor[]];
  const counts = Array.from(numbers?.data ?? [], Number);
  const rows = counts.reduce((sum, count) => sum + count, 0);
  // A single row of −1 may stand for no objects in any image.
  if (counts.length !== images || counts.some((count) => count < 0) || rows > (boxes.shape[0] as number)) {
    throw unsupported(`the numbers of boxes of ${images} images in the second output`, outputs);
  }
  let start = 0;
  return counts.map((count, n) => {
    const end = start + count;
    const own = [slice(boxes, start, end), slice(numbers as Tensor, n, n + 1)];
    // Masks of a batch have the size of its largest image, and −1 where their own has no pixel.
    const masks = others.map((other) => slice(other, start, end));
    start = end;
    return [...own, ...masks];
  });
}

/** A view, not a copy. */
function slice(tensor: Tensor, start: number, end: number): Tensor {
  const size = tensor.shape.slice(1).reduce((product, extent) => product * extent, 1);
  return {
    ...tensor,
    shape: [end - start, ...tensor.shape.slice(1)],
    data: tensor.data.subarray(start * size, end * size),
  };
}
