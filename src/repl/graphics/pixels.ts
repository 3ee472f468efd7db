import { loadSharp } from '../../image/load-sharp';

export interface TerminalPixels {
  width: number;
  height: number;
  /** RGB, 8 bits each, rows from the top. */
  data: Buffer;
}

/** The pixels of a PNG on a white background, scaled down to fit. */
export async function readPixels(png: Buffer, width: number, height?: number): Promise<TerminalPixels> {
  const { data, info } = await loadSharp()(png)
    .flatten({ background: '#ffffff' })
    .toColourspace('srgb')
    .resize({ width, height, fit: 'inside', withoutEnlargement: true })
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  if (info.channels === 3) return { width: info.width, height: info.height, data };
  // A greyscale picture has one channel.
  const rgb = Buffer.alloc(info.width * info.height * 3);
  for (let i = 0; i < rgb.length; i += 1) rgb[i] = data[Math.floor(i / 3) * info.channels] ?? 0;
  return { width: info.width, height: info.height, data: rgb };
}
