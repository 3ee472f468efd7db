import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { decodeImage } from '../../src/image/image';
import { projectRoot, runProcess } from './project';

/** Reads image files with OpenCV; the pixels are saved next to them. */
export async function readByOpenCv(python: string, files: readonly string[]): Promise<void> {
  const script = path.join(projectRoot, 'test/image/read_images.py');
  const { code, stderr } = await runProcess(python, [script, ...files]);
  if (code !== 0) throw new Error(stderr);
}

/**
 * The largest sample difference between our decoding and the pixels saved by `readByOpenCv`; infinite for a different
 * size.
 */
export async function differenceFromOpenCv(file: string): Promise<number> {
  const expected = await readFile(`${file}.rgb`);
  const end = expected.indexOf('\n');
  const { width, height, data } = await decodeImage(file);
  const pixels = expected.subarray(end + 1);
  if (`${width} ${height}` !== expected.subarray(0, end).toString() || data.length !== pixels.length) return Infinity;
  return data.reduce((most, value, i) => Math.max(most, Math.abs(value - (pixels[i] as number))), 0);
}
