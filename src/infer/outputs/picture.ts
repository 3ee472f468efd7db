import path from 'node:path';
import { type Picture, pictureFormatOf } from '../../drawing/picture';
import { allowReuse } from '../../drawing/reusable-pixels';
import { writeAtomically } from '../../files/atomic-file';
import { writeFile } from '../../files/fs';
import type { RgbImage } from '../../image/image';
import type { PredictResult } from '../../results';
import { visualize } from '../../visualize/visualize';
import type { ImageWriter, InferStyle } from './image-writer';

/** Opacity of class colours in PaddleSeg's pictures. */
const paddleSegOpacity = 0.4;

/** Draws a result, in paddlelab's style or in that of Paddle's scripts. */
export function drawResult(
  pixels: RgbImage,
  result: PredictResult,
  threshold: number | undefined,
  style: InferStyle,
): Promise<Picture> {
  const shown = threshold === undefined || result.detections === undefined ? {} : { threshold };
  if (style === 'paddlelab') return visualize(pixels, result, shown);
  if (result.kind === 'semantic-segmentation') {
    return visualize(pixels, result, { style: 'paddleseg', opacity: paddleSegOpacity });
  }
  return visualize(pixels, result, { ...shown, style: 'paddledetection' });
}

/** JPEG as in the scripts: colours at half the resolution and default Huffman tables, which is faster. */
function encode(picture: Picture, file: string): Promise<Buffer> {
  const format = pictureFormatOf(file);
  if (format !== 'jpeg') return picture.toBuffer(format);
  return picture.toSharp().jpeg({ quality: 95, optimiseCoding: false }).toBuffer();
}

/** Writes the image with its result drawn, under the image's own name. */
export function pictureWriter(folder: string, style: InferStyle): ImageWriter {
  return {
    name: 'picture',
    needsTensors: false,
    fileFor: ({ name }) => {
      const { dir, name: stem, ext } = path.parse(name);
      return path.join(folder, dir, `${stem}${pictureFormatOf(name) === undefined ? '.png' : ext}`);
    },
    write: async (file, { pixels, result, threshold }) => {
      // The pixels are not needed any more: other files are made from the result.
      const picture = await drawResult(allowReuse(pixels), result, threshold, style);
      // Written by Node, because sharp does not report why a file can't be written.
      await writeAtomically(file, async (temporary) => writeFile(temporary, await encode(picture, temporary)));
    },
  };
}
