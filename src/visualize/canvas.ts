import type sharp from 'sharp';
import type { RgbImage } from '../image/image';
import { loadSharp } from '../image/load-sharp';

/** The renderer of SVG takes no side longer than 32767 pixels, so a larger image is drawn in tiles. */
const tileSide = 16384;

/**
 * What annotators draw on: pixels to write directly, and a vector layer above all pixels.
 *
 * It starts as a copy of the image, which itself is never changed.
 */
export class Canvas {
  readonly width: number;
  readonly height: number;
  /** RGB, 8 bits each, rows from the top; free to write. */
  readonly pixels: Uint8Array;
  readonly #vectors: string[] = [];

  constructor(image: RgbImage) {
    this.width = image.width;
    this.height = image.height;
    this.pixels = new Uint8Array(image.data);
  }

  /**
   * Adds SVG elements on top, in pixels with the origin top left.
   *
   * Text belongs there as outlines (`textPath`), for `<text>` would depend on the fonts of the machine.
   */
  addVector(svg: string): void {
    this.#vectors.push(svg);
  }

  /** The pixels with the vector layer drawn over them. */
  async render(): Promise<Uint8Array> {
    if (this.#vectors.length === 0) return this.pixels;
    const { width, height } = this;
    return await loadSharp()(this.pixels, { raw: { width, height, channels: 3 }, limitInputPixels: false })
      .composite(this.#tiles())
      .removeAlpha()
      .raw()
      .toBuffer();
  }

  #tiles(): sharp.OverlayOptions[] {
    const content = this.#vectors.join('');
    const tiles: sharp.OverlayOptions[] = [];
    for (let top = 0; top < this.height; top += tileSide) {
      for (let left = 0; left < this.width; left += tileSide) {
        const width = Math.min(tileSide, this.width - left);
        const height = Math.min(tileSide, this.height - top);
        const frame = `width="${width}" height="${height}" viewBox="${left} ${top} ${width} ${height}"`;
        const svg = `<svg xmlns="http://www.w3.org/2000/svg" ${frame}>${content}</svg>`;
        // `unlimited` lifts the bounds on XML size, which thousands of labels would meet.
        tiles.push({ input: Buffer.from(svg), left, top, unlimited: true, limitInputPixels: false });
      }
    }
    return tiles;
  }
}
