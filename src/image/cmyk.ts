import type { Sharp } from 'sharp';
import type { RgbImage } from './raw-pixels';

/** Converts a CMYK image as OpenCV's readers do, with plain arithmetic instead of colour profiles. */
export async function cmykToRgb(image: Sharp, format: string | undefined): Promise<RgbImage> {
  const decoded = image.autoOrient().pipelineColourspace('cmyk').toColourspace('cmyk').raw({ depth: 'uchar' });
  const { data, info } = await decoded.toBuffer({ resolveWithObject: true });
  const rgb = new Uint8Array(info.width * info.height * 3);
  const convert = format === 'jpeg' ? jpegSample : tiffSample;
  for (let i = 0, from = 0; i < rgb.length; from += info.channels) {
    const black = data[from + 3] as number;
    for (let c = 0; c < 3; c++) rgb[i++] = convert(data[from + c] as number, black);
  }
  return { width: info.width, height: info.height, data: rgb };
}

/** OpenCV's own, on samples that Adobe stores inverted. */
function jpegSample(ink: number, black: number): number {
  const light = 255 - black;
  return light - ((ink * light) >> 8);
}

/** libtiff's, which OpenCV uses. */
function tiffSample(ink: number, black: number): number {
  return Math.floor(((255 - black) * (255 - ink)) / 255);
}
