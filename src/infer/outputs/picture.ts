import path from 'node:path';
import { visualize } from '../../visualize/visualize';
import { writeAtomically } from '../atomic-file';
import type { ImageWriter } from './image-writer';

/** What pictures can be written as; the others become PNG. */
const writable = ['.png', '.jpg', '.jpeg', '.webp', '.avif', '.tif', '.tiff', '.gif'];

/** The image with what was found in it, under its own name. */
export function pictureWriter(folder: string, style: 'paddlelab' | 'paddle'): ImageWriter {
  return {
    name: 'picture',
    needsTensors: false,
    fileFor: ({ name }) => {
      const { dir, name: stem, ext } = path.parse(name);
      return path.join(folder, dir, `${stem}${writable.includes(ext.toLowerCase()) ? ext : '.png'}`);
    },
    write: async (file, { pixels, result, threshold }) => {
      const picture = await visualize(pixels, result, {
        ...(threshold === undefined ? {} : { threshold }),
        ...(style === 'paddle' ? { palette: 'paddle' } : {}),
      });
      await writeAtomically(file, (temporary) => picture.save(temporary));
    },
  };
}
