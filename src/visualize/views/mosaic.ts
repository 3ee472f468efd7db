import { Canvas } from '../../drawing/canvas';
import { Picture } from '../../drawing/picture';
import { capHeight, fitText, textWidth } from '../../drawing/text';
import { decodeImage, type ImageInput, type RgbImage } from '../../image/image';
import { invalidArgument } from '../../validate';

/** The pictures that views accept: a drawn one, or any image. */
export type ViewImage = Picture | RgbImage | ImageInput;

/** A picture and its title. */
export interface Tile {
  readonly image: RgbImage;
  readonly title?: string | undefined;
}

const gap = 8;

/** The pixels of any accepted picture. */
export async function toPixels(image: ViewImage): Promise<RgbImage> {
  return image instanceof Picture ? image : await decodeImage(image as ImageInput);
}

/** Titles for pictures: one for each, or none. */
export function checkTitles(titles: unknown, count: number): readonly string[] | undefined {
  if (titles === undefined) return undefined;
  if (Array.isArray(titles) && titles.length === count && titles.every((title) => typeof title === 'string')) {
    return titles as string[];
  }
  throw invalidArgument('titles', `array of ${count} texts, one for each picture,`, titles);
}

/** The picture at another size. */
export async function resizeTo(image: RgbImage, width: number, height: number): Promise<RgbImage> {
  if (image.width === width && image.height === height) return image;
  const resized = new Picture(image, '').toSharp().resize(width, height, { fit: 'fill' });
  return { width, height, data: await resized.raw().toBuffer() };
}

/** Tiles in rows on white, each column and row as large as its largest tile, titles above. */
export async function layOut(tiles: readonly Tile[], columns: number, caption: string): Promise<Picture> {
  const rows = Math.ceil(tiles.length / columns);
  const widths = Array.from({ length: Math.min(columns, tiles.length) }, (_, column) =>
    Math.max(...tiles.filter((_, index) => index % columns === column).map(({ image }) => image.width)),
  );
  const heights = Array.from({ length: rows }, (_, row) =>
    Math.max(...tiles.slice(row * columns, (row + 1) * columns).map(({ image }) => image.height)),
  );
  const fontSize = Math.round(Math.min(28, Math.max(12, Math.min(...widths) / 24)));
  const titleHeight = tiles.some(({ title }) => title !== undefined) ? Math.round(fontSize * 1.8) : 0;
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  const width = sum(widths) + gap * (widths.length - 1);
  const height = sum(heights) + (gap + titleHeight) * rows - gap;

  const data = new Uint8Array(width * height * 3).fill(255);
  const canvas = new Canvas({ width, height, data });
  tiles.forEach(({ image, title }, index) => {
    const [column, row] = [index % columns, Math.floor(index / columns)];
    const left = sum(widths.slice(0, column)) + gap * column;
    const top = sum(heights.slice(0, row)) + (gap + titleHeight) * row + titleHeight;
    paste(data, width, image, left, top);
    if (title === undefined) return;
    const room = widths[column] ?? 0;
    const text = fitText(title, fontSize, room);
    const baseline = top - titleHeight / 2 + (capHeight * fontSize) / 2;
    canvas.text(text, left + (room - textWidth(text, fontSize)) / 2, baseline, fontSize, [40, 44, 52]);
  });
  return new Picture({ width, height, data: await canvas.render() }, caption);
}

function paste(target: Uint8Array, width: number, image: RgbImage, left: number, top: number): void {
  for (let y = 0; y < image.height; y++) {
    const row = image.data.subarray(y * image.width * 3, (y + 1) * image.width * 3);
    target.set(row, ((top + y) * width + left) * 3);
  }
}
