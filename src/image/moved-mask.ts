import type { RleMask } from '../results';
import { forEachColumnRun, writeRuns } from './rle';
import { RunWriter } from './run-writer';

/** A mask of a part of an image as one of the whole image. */
export function movedMask(
  mask: RleMask,
  { left, top }: { readonly left: number; readonly top: number },
  { width, height }: { readonly width: number; readonly height: number },
): RleMask {
  const runs = new RunWriter();
  let written = 0;
  forEachColumnRun(mask, (x, begin, end) => {
    const start = (x + left) * height + top + begin;
    runs.add(start - written, false);
    runs.add(end - begin, true);
    written = start + end - begin;
  });
  runs.add(width * height - written, false);
  return { size: [height, width], counts: writeRuns(runs.all()) };
}
