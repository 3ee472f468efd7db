import { decodeImage, type ImageInput, resolvePath } from './image';
import { loadSharp } from './load-sharp';

/**
 * Size of an image in pixels, upright as `decodeImage` returns it; only the header is read where possible.
 *
 * @throws PaddleLabError FILE_NOT_FOUND, IMAGE_UNREADABLE
 */
export async function readImageSize(image: ImageInput): Promise<{ readonly width: number; readonly height: number }> {
  const source = typeof image === 'string' && !image.startsWith('data:') ? resolvePath(image) : image;
  try {
    if (typeof source !== 'string' && !(source instanceof Uint8Array)) return await decodedSize(source);
    const { autoOrient } = await loadSharp()(source).metadata();
    return { width: autoOrient.width, height: autoOrient.height };
  } catch {
    // A format that sharp does not read, such as BMP, or no image: then this has the error.
    return await decodedSize(image);
  }
}

async function decodedSize(image: ImageInput): Promise<{ readonly width: number; readonly height: number }> {
  const { width, height } = await decodeImage(image);
  return { width, height };
}
