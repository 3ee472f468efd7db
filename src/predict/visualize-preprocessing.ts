import type { Picture } from '../drawing/picture';
import type { ImageInput, RgbImage } from '../image/image';
import { decodeImage } from '../image/image';
import type { Model } from '../model/model';
import { type NetworkImage, type PreprocessStep, runPipeline } from '../preprocess/pipeline';
import { invalidArgument } from '../validate';
import { gallery } from '../visualize/views/gallery';

/**
 * What becomes of an image on its way into the network: a picture after each step of the model's preprocessing, with the
 * step's name and the size. Numbers that are no colours (after normalising) are stretched from their lowest, black, to
 * their highest, white.
 *
 * @throws PaddleLabError INVALID_ARGUMENT, FILE_NOT_FOUND, IMAGE_UNREADABLE
 *
 * @example
 * import { visualizePreprocessing } from 'paddlelab';
 * await visualizePreprocessing(model, 'shapes.png');
 */
export async function visualizePreprocessing(model: Model, image: ImageInput): Promise<Picture> {
  const steps = model?.spec?.preprocess;
  if (!Array.isArray(steps)) throw invalidArgument('model', 'model of loadModel', model);
  const original = await decodeImage(image);
  const pictures: RgbImage[] = [original];
  const titles = [`image ${original.width}×${original.height}`];
  for (let count = 1; count <= steps.length; count++) {
    const step = steps[count - 1] as PreprocessStep;
    const { picture, range } = toPicture(await runPipeline(original, steps.slice(0, count)));
    pictures.push(picture);
    titles.push(`${count}. ${step.type} ${picture.width}×${picture.height}, ${range}`);
  }
  return await gallery(pictures, { titles, width: 360, columns: Math.min(3, pictures.length) });
}

function toPicture({ image: { shape, data } }: NetworkImage): { picture: RgbImage; range: string } {
  // Planes come first where an operator asked for them.
  const planes = (shape[1] ?? 0) <= 4 && (shape[3] ?? 0) > 4;
  const [height = 1, width = 1] = planes ? shape.slice(2) : shape.slice(1, 3);
  const channels = (planes ? shape[1] : shape[3]) ?? 1;
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of data) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const bytes = low >= 0 && high <= 255 && high > 2;
  const scale = bytes ? 1 : 255 / Math.max(high - low, 1e-9);
  const pixels = new Uint8Array(width * height * 3);
  for (let pixel = 0; pixel < width * height; pixel++) {
    for (let channel = 0; channel < 3; channel++) {
      const from = Math.min(channel, channels - 1);
      const value = data[planes ? from * width * height + pixel : pixel * channels + from] ?? 0;
      pixels[pixel * 3 + channel] = Math.round((value - (bytes ? 0 : low)) * scale);
    }
  }
  const text = (value: number): string => value.toFixed(bytes ? 0 : 2).replace('-', '−');
  return { picture: { width, height, data: pixels }, range: `${text(low)} to ${text(high)}` };
}
