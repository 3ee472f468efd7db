import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { loadModel, type Model, type RgbImage, registerBackend, type Tensor, type TensorInput } from '../../src';
import { makeFolder } from './folders';

/** A detector without weights: what is bright is text, with a probability of 0.9. */
function findBright({ shape, data }: TensorInput): Tensor {
  const [images = 0, channels = 0, height = 0, width = 0] = shape;
  const size = height * width;
  const map = new Float32Array(images * size);
  for (let i = 0; i < map.length; i++) {
    const at = Math.floor(i / size) * channels * size + (i % size);
    map[i] = ((data as Float32Array)[at] as number) > 0.5 ? 0.9 : 0.01;
  }
  return { name: 'y', dtype: 'float32', shape: [images, 1, height, width], data: map, lod: [] };
}

registerBackend({
  kind: 'bright-text',
  optionKeys: ['height'],
  open: async (options) => ({
    info: { backend: 'bright-text', library: 'none', device: 'cpu', precision: 'fp32', threads: 1 },
    inputs: [
      { name: 'x', dtype: 'float32', shape: [-1, 3, (options as { readonly height?: number }).height ?? -1, -1] },
    ],
    outputNames: ['y'],
    run: async ({ x }) => [findBright(x as TensorInput)],
    copy: () => Promise.reject(new Error('there is only one')),
    dispose: async () => undefined,
  }),
});

/** The detector; without a configuration it is known by its task only. `height` is that of its input, if it is fixed. */
export function loadBrightText(config?: object, height = -1): Promise<Model<'text-detection'>> {
  const folder = makeFolder();
  for (const name of ['inference.pdmodel', 'inference.pdiparams']) writeFileSync(path.join(folder, name), '');
  const backend = { kind: 'bright-text', height } as never;
  return loadModel(folder, { backend, task: 'text-detection', config });
}

type Bar = readonly [left: number, top: number, width: number, height: number];

/** White bars on black. */
export function bars(width: number, height: number, ...all: Bar[]): RgbImage {
  const data = new Uint8Array(width * height * 3);
  for (const [left, top, barWidth, barHeight] of all) {
    for (let y = top; y < top + barHeight; y++) {
      data.fill(255, (y * width + left) * 3, (y * width + left + barWidth) * 3);
    }
  }
  return { width, height, data };
}
