import { setImmediate } from 'node:timers/promises';

/** So many pixels are worked on before others have their turn: a few milliseconds. */
const pixelsAtOnce = 2 ** 18;

/** Goes through the rows of an image, whatever its size, with turns for others between them. */
export async function eachRow(
  { width, height }: { readonly width: number; readonly height: number },
  work: (row: number) => void,
): Promise<void> {
  const rowsAtOnce = Math.max(1, Math.floor(pixelsAtOnce / width));
  for (let row = 0; row < height; row++) {
    work(row);
    if (row % rowsAtOnce === rowsAtOnce - 1) await setImmediate();
  }
}
