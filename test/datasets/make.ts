import { mkdirSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';

/** Writes a grey image, black unless pixels are given; returns its path. */
export async function writeImage(
  folder: string,
  name: string,
  size: { readonly width?: number; readonly height?: number; readonly pixels?: readonly number[] } = {},
): Promise<string> {
  const { width = 20, height = 10, pixels } = size;
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  const raw = { width, height, channels: 1 } as const;
  const data = pixels === undefined ? Buffer.alloc(width * height) : Buffer.from(pixels);
  await sharp(data, { raw }).toColourspace('b-w').toFile(file);
  return file;
}
