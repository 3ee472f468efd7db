import { decodeImage } from './image';
import { loadSharp } from './load-sharp';

/**
 * Size of an image file in pixels, upright as `decodeImage` returns it; only the header is read where possible.
 *
 * @throws PaddleLabError FILE_NOT_FOUND, IMAGE_UNREADABLE
 */
export async function readImageSize(file: string): Promise<{ readonly width: number; readonly height: number }> {
  try {
    const { autoOrient } = await loadSharp()(file).metadata();
    return { width: autoOrient.width, height: autoOrient.height };
  } catch {
    // A format that sharp does not read, such as BMP, or no image: then this has the error.
    const { width, height } = await decodeImage(file);
    return { width, height };
  }
}
