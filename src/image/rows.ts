import { setImmediate } from 'node:timers/promises';

/** Number of pixels processed before the event loop gets a turn: a few milliseconds. */
const pixelsAtOnce = 2 ** 18;

/** Processes the rows of an image of any size, with turns of the event loop in between. */
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
