import path from 'node:path';
import { encodeIndexedPng } from '../../drawing/png';
import { PaddleLabError } from '../../errors';
import { writeAtomically } from '../../files/atomic-file';
import { writeFile } from '../../files/fs';
import type { Tensor } from '../../inference/tensor';
import { paddleSegPalette } from '../../visualize/styles/paddleseg';
import type { ImageWriter } from './image-writer';

/**
 * The class of each pixel, as in PaddleSeg's deploy script: a palette PNG of the network's size, in PaddleSeg's
 * colours, named after the image without its extension.
 */
export function paletteWriter(folder: string): ImageWriter {
  return {
    name: 'palette',
    needsTensors: true,
    fileFor: ({ name }) => {
      const { dir, name: stem } = path.parse(name);
      return path.join(folder, dir, `${stem}.png`);
    },
    write: async (file, { result }) => {
      const [output] = result.raw?.outputs ?? [];
      if (result.kind !== 'semantic-segmentation' || output === undefined) {
        throw new PaddleLabError(
          'INVALID_ARGUMENT',
          `Expected classes of pixels for a palette but received ${result.kind}`,
        );
      }
      const { width, height, indices } = labelsOf(output);
      const png = await encodeIndexedPng({ width, height }, { indices, palette: paddleSegPalette() });
      await writeAtomically(file, (temporary) => writeFile(temporary, png));
    },
  };
}

/** `[1, H, W]` has classes, `[1, C, H, W]` a value for each class; of equal values the first wins, as in numpy. */
function labelsOf({ shape, data }: Tensor): { width: number; height: number; indices: Uint8Array } {
  const [height = 1, width = 1] = shape.slice(-2);
  const classes = shape.length === 4 ? (shape[1] ?? 1) : 1;
  // The script casts to bytes, which wraps large values around.
  if (classes === 1)
    return { width, height, indices: Uint8Array.from(data as Int32Array, (value) => Number(value) & 255) };
  const pixels = width * height;
  const indices = new Uint8Array(pixels);
  for (let pixel = 0; pixel < pixels; pixel++) {
    let best = 0;
    for (let c = 1; c < classes; c++) {
      if ((data[c * pixels + pixel] as number) > (data[best * pixels + pixel] as number)) best = c;
    }
    indices[pixel] = best & 255;
  }
  return { width, height, indices };
}
