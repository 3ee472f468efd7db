import type { Paths } from 'clipper-lib';
import { loadClipper } from '../image/load-clipper';
import { pauses } from '../metrics/pause';

/**
 * Unites what an outline encloses where it crosses itself (Clipper's union of positive winding numbers). What falls
 * into several parts, or has holes, becomes an empty outline: PaddleX leaves it out.
 */
export async function uniteOutlines(outlines: readonly Int32Array[]): Promise<Int32Array[]> {
  const { Clipper, ClipType, PolyFillType, PolyType } = loadClipper();
  const pause = pauses();
  const united: Int32Array[] = [];
  for (const outline of outlines) {
    const clipper = new Clipper();
    const found: Paths = [];
    clipper.AddPath(toPath(outline), PolyType.ptSubject, true);
    clipper.Execute(ClipType.ctUnion, found, PolyFillType.pftPositive, PolyFillType.pftPositive);
    const [first, ...others] = found;
    united.push(Int32Array.from(others.length > 0 || first === undefined ? [] : first.flatMap(({ X, Y }) => [X, Y])));
    await pause();
  }
  return united;
}

function toPath(outline: Int32Array): Paths[number] {
  return Array.from({ length: outline.length / 2 }, (_, i) => ({
    X: outline[2 * i] as number,
    Y: outline[2 * i + 1] as number,
  }));
}
