import type { MimeBundle } from '../../display/display';
import { loadSharp } from '../../image/load-sharp';
import type { ValueDisplay } from './value-display';

interface Pixels {
  width: number;
  height: number;
  data: Uint8Array;
}

/** Longer side of each picture, in pixels. */
const SIDE = 200;
const GAP = 8;
const COLUMNS = 4;
/** Maximum number of pictures shown; further ones are only counted. */
const MOST = 24;

/** Several images side by side, scaled down to fit. */
export const galleryDisplay: ValueDisplay = {
  matches: (value) =>
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((item) => item !== null && typeof item === 'object' && isImage(item)),
  async show(value): Promise<MimeBundle> {
    const images = value as Pixels[];
    const shown = images.slice(0, MOST);
    const more = images.length > shown.length ? `, the first ${shown.length} shown` : '';
    const sizes = [...new Set(images.map(({ width, height }) => `${width}×${height}`))];
    const text = `${images.length} images${more}: ${sizes.slice(0, 4).join(', ')}${sizes.length > 4 ? ', …' : ''}`;
    return { 'image/png': await sheet(shown), 'text/plain': text };
  },
};

function isImage(value: object): boolean {
  const { width, height, data } = value as Partial<Pixels>;
  return data instanceof Uint8Array && (width ?? 0) >= 1 && data.length === (width ?? 0) * (height ?? 0) * 3;
}

async function sheet(images: readonly Pixels[]): Promise<Buffer> {
  const sharp = loadSharp();
  const columns = Math.min(COLUMNS, images.length);
  const rows = Math.ceil(images.length / columns);
  const tiles = await Promise.all(
    images.map(async ({ width, height, data }, index) => {
      const { data: input, info } = await sharp(data, { raw: { width, height, channels: 3 } })
        .resize({ width: SIDE, height: SIDE, fit: 'inside', withoutEnlargement: true })
        .png()
        .toBuffer({ resolveWithObject: true });
      const left = (index % columns) * (SIDE + GAP) + Math.floor((SIDE - info.width) / 2);
      const top = Math.floor(index / columns) * (SIDE + GAP) + Math.floor((SIDE - info.height) / 2);
      return { input, left, top };
    }),
  );
  const size = { width: columns * (SIDE + GAP) - GAP, height: rows * (SIDE + GAP) - GAP };
  // Transparent, to suit light and dark notebooks.
  return sharp({ create: { ...size, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } } })
    .composite(tiles)
    .png()
    .toBuffer();
}
