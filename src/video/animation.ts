import type { RgbImage } from '../image/image';
import { loadSharp } from '../image/load-sharp';

/**
 * An animated GIF or WebP of pictures, up to a maximum number of bytes: if it is too large, its pictures are scaled
 * down, then some are dropped. All pictures are in memory at once, so they should be small.
 */
export async function makeAnimation(
  frames: readonly RgbImage[],
  format: 'gif' | 'webp',
  fps: number,
  maxBytes: number,
): Promise<Buffer> {
  let [scale, step] = [1, 1];
  for (;;) {
    const bytes = await encode(
      frames.filter((_, index) => index % step === 0),
      format,
      (1000 * step) / fps,
      scale,
    );
    const small = (frames[0]?.width ?? 0) * scale < 160;
    if (bytes.length <= maxBytes || (small && step * 8 > frames.length)) return bytes;
    if (small) step *= 2;
    else scale *= Math.min(0.85, Math.sqrt(maxBytes / bytes.length));
  }
}

async function encode(
  frames: readonly RgbImage[],
  format: 'gif' | 'webp',
  delay: number,
  scale: number,
): Promise<Buffer> {
  const [first] = frames as [RgbImage];
  const width = Math.max(1, Math.round(first.width * scale));
  const height = Math.max(1, Math.round(first.height * scale));
  const pages = await Promise.all(
    frames.map(async ({ data, width: w, height: h }) => {
      const picture = loadSharp()(data, { raw: { width: w, height: h, channels: 3 } });
      return await picture.resize(width, height, { fit: 'fill' }).raw().toBuffer();
    }),
  );
  const raw = { width, height: height * frames.length, channels: 3, pageHeight: height } as const;
  const all = loadSharp()(Buffer.concat(pages), { raw, limitInputPixels: false });
  const timing = { delay: frames.map(() => Math.round(delay)), loop: 0 };
  return await (format === 'gif' ? all.gif(timing) : all.webp({ ...timing, quality: 75 })).toBuffer();
}
