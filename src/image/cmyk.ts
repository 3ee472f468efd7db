import type { Sharp } from 'sharp';
import type { RgbImage } from './raw-pixels';
import { eachRow } from './rows';
import { isTiff } from './tiff';

/**
 * Whether a file may contain a CMYK image, so that sharp need not open every file twice. Only JPEG and TIFF support
 * CMYK.
 */
export function mayBeCmyk(bytes: Uint8Array): boolean {
  if (isTiff(bytes)) return true;
  const [first, second] = bytes;
  return first === 0xff && second === 0xd8 && jpegComponents(bytes) !== 3;
}

/** Number of components in the frame of a JPEG; undefined if no frame is found. */
function jpegComponents(bytes: Uint8Array): number | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 2; at + 10 <= bytes.length && bytes[at] === 0xff; ) {
    const marker = bytes[at + 1] as number;
    if (marker === 0xff) {
      at++;
      continue;
    }
    // Frame markers are 0xC0 to 0xCF, except the tables (DHT, JPG, DAC).
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) return bytes[at + 9];
    at += 2 + view.getUint16(at + 2);
  }
  return undefined;
}

/** Converts a CMYK image like OpenCV's readers, with plain arithmetic instead of colour profiles. */
export async function cmykToRgb(image: Sharp, format: string | undefined): Promise<RgbImage> {
  const decoded = image.autoOrient().pipelineColourspace('cmyk').toColourspace('cmyk').raw({ depth: 'uchar' });
  const { data, info } = await decoded.toBuffer({ resolveWithObject: true });
  const rgb = new Uint8Array(info.width * info.height * 3);
  const convert = format === 'jpeg' ? jpegSample : tiffSample;
  await eachRow(info, (row) => {
    for (let pixel = row * info.width; pixel < (row + 1) * info.width; pixel++) {
      const from = pixel * info.channels;
      const black = data[from + 3] as number;
      for (let c = 0; c < 3; c++) rgb[pixel * 3 + c] = convert(data[from + c] as number, black);
    }
  });
  return { width: info.width, height: info.height, data: rgb };
}

/** OpenCV's own formula, for samples that Adobe stores inverted. */
function jpegSample(ink: number, black: number): number {
  const light = 255 - black;
  return light - ((ink * light) >> 8);
}

/** libtiff's formula, which OpenCV uses. */
function tiffSample(ink: number, black: number): number {
  return Math.floor(((255 - black) * (255 - ink)) / 255);
}
