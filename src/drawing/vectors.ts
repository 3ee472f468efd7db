import { loadSharp } from '../image/load-sharp';
import { DisplayList } from './display-list';

/** The SVG renderer is limited to 32767 pixels per side, so a larger image is drawn in tiles. */
const tileSide = 16384;

/** Renders SVG elements as layers of pixels. */
export async function renderVectors(
  svg: readonly string[],
  canvas: { readonly width: number; readonly height: number },
): Promise<DisplayList> {
  const content = svg.join('');
  const list = new DisplayList();
  for (let top = 0; top < canvas.height; top += tileSide) {
    for (let left = 0; left < canvas.width; left += tileSide) {
      const width = Math.min(tileSide, canvas.width - left);
      const height = Math.min(tileSide, canvas.height - top);
      const frame = `width="${width}" height="${height}" viewBox="${left} ${top} ${width} ${height}"`;
      const document = Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" ${frame}>${content}</svg>`);
      // `unlimited` removes the limit on XML size, which thousands of elements would exceed.
      const pixels = await loadSharp()(document, { unlimited: true, limitInputPixels: false })
        .ensureAlpha()
        .toColourspace('srgb')
        .raw()
        .toBuffer();
      list.add('layer', list.buffer(pixels), [left, top, width, height], 255);
    }
  }
  return list;
}
