import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { loadModel, type Model, type RgbImage, registerBackend, type Tensor, type TensorInput } from '../../src';
import { makeFolder } from './folders';

/** Width of a column of the network. */
const column = 8;

/** The shapes of the runs so far. */
export const stripeRuns: (readonly number[])[] = [];

/** What the network sees in a stripe: nothing in padding, else a, b or c by brightness. */
function classOf(value: number): number {
  if (value === 0) return 0;
  return value < -0.5 ? 1 : value > 0.5 ? 2 : 3;
}

/** A recogniser without weights: each column is the class of its brightness, with a probability of 0.75. */
function readStripes({ shape, data }: TensorInput): Tensor {
  const [images = 0, channels = 0, height = 0, width = 0] = shape;
  stripeRuns.push(shape);
  const columns = width / column;
  const output = new Float32Array(images * columns * 4);
  for (let i = 0; i < images * columns; i++) {
    const row = Math.floor(i / columns) * channels * height + height / 2;
    const value = (data as Float32Array)[row * width + (i % columns) * column + column / 2] as number;
    output[i * 4 + classOf(value)] = 0.75;
  }
  return { name: 'y', dtype: 'float32', shape: [images, columns, 4], data: output, lod: [] };
}

registerBackend({
  kind: 'stripes',
  optionKeys: [],
  open: async () => ({
    info: { backend: 'stripes', library: 'none', device: 'cpu', precision: 'fp32', threads: 1 },
    inputs: [{ name: 'x', dtype: 'float32', shape: [-1, 3, 48, -1] }],
    outputNames: ['y'],
    run: async ({ x }) => [readStripes(x as TensorInput)],
    copy: () => Promise.reject(new Error('there is only one')),
    dispose: async () => undefined,
  }),
});

/** The recogniser, with the parameters of a pipeline. */
export async function loadStripes(preset: string = 'paddlex'): Promise<Model<'text-recognition'>> {
  const folder = makeFolder();
  for (const name of ['inference.pdmodel', 'inference.pdiparams']) writeFileSync(path.join(folder, name), '');
  const config = { PostProcess: { name: 'CTCLabelDecode', character_dict: ['a', 'b'] }, preset };
  // The space is the third character.
  return loadModel(folder, { config, task: 'text-recognition', backend: { kind: 'stripes' } as never });
}

/** An image of stripes, 48 pixels high, each as wide as `widths` says: black is a, white is b, grey is a space. */
export function stripes(text: string, widths: number = column): RgbImage {
  const width = text.length * widths;
  const data = new Uint8Array(width * 48 * 3);
  for (let i = 0; i < width * 48; i++) {
    const letter = text[Math.floor((i % width) / widths)];
    data.fill(letter === 'a' ? 0 : letter === 'b' ? 255 : 140, i * 3, i * 3 + 3);
  }
  return { width, height: 48, data };
}
