import path from 'node:path';
import { type Picture, pictureFormatOf } from '../../drawing/picture';
import { allowReuse } from '../../drawing/reusable-pixels';
import { writeAtomically } from '../../files/atomic-file';
import { writeFile } from '../../files/fs';
import type { RgbImage } from '../../image/image';
import type { PredictResult } from '../../results';
import { visualize } from '../../visualize/visualize';
import type { ImageWriter, InferStyle } from './image-writer';

/** How much of PaddleSeg's pictures are colours of classes. */
const paddleSegOpacity = 0.4;

/** The picture of a result, in our look or in that of the scripts. */
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

/** JPEG as the scripts write it: colours at half the resolution and codes that suit no image best take less time. */
function encode(picture: Picture, file: string): Promise<Buffer> {
  const format = pictureFormatOf(file);
  if (format !== 'jpeg') return picture.toBuffer(format);
  return picture.toSharp().jpeg({ quality: 95, optimiseCoding: false }).toBuffer();
}

/** The image with what was found in it, under its own name. */
export function pictureWriter(folder: string, style: InferStyle): ImageWriter {
  return {
    name: 'picture',
    needsTensors: false,
    fileFor: ({ name }) => {
      const { dir, name: stem, ext } = path.parse(name);
      return path.join(folder, dir, `${stem}${pictureFormatOf(name) === undefined ? '.png' : ext}`);
    },
    write: async (file, { pixels, result, threshold }) => {
      // Nobody reads the image any more: other files are made of the result.
      const picture = await drawResult(allowReuse(pixels), result, threshold, style);
      // By Node, which says why a file can't be written where sharp does not.
      await writeAtomically(file, async (temporary) => writeFile(temporary, await encode(picture, temporary)));
    },
  };
}
