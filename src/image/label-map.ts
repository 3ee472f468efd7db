import type { RleMask, SemanticSegmentationResult } from '../results';
import { decodeRle, rleArea, writeRuns } from './rle';

/** The class of every pixel, rows from the top. */
export interface LabelMap {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array | Uint16Array;
}

/**
 * The map of class numbers of a semantic segmentation; also accepts its JSON form.
 *
 * @example
 * import { decodeLabelMap } from 'paddlelab';
 * const map = decodeLabelMap({ image: { width: 2, height: 1 }, segments: [] });
 * map.data; // Uint8Array(2) [ 0, 0 ]
 */
export function decodeLabelMap({ image, segments }: Pick<SemanticSegmentationResult, 'image' | 'segments'>): LabelMap {
  const { width, height } = image;
  const wide = segments.some((segment) => segment.classId > 255);
  const data = wide ? new Uint16Array(width * height) : new Uint8Array(width * height);
  for (const { classId, mask } of segments) {
    const bitmap = decodeRle(mask).data;
    for (let index = bitmap.indexOf(1); index !== -1; index = bitmap.indexOf(1, index)) {
      for (; bitmap[index] === 1; index++) data[index] = classId;
    }
  }
  return { width, height, data };
}

/** The runs of one class in column-major order, and the end of the last one. */
interface ClassRuns {
  readonly runs: number[];
  end: number;
}

/** Makes a mask for each class in a map, all in one pass. */
export function encodeLabelMap(map: {
  readonly width: number;
  readonly height: number;
  readonly data: ArrayLike<number>;
}): { readonly classId: number; readonly area: number; readonly mask: RleMask }[] {
  const { width, height, data } = map;
  const classes = new Map<number, ClassRuns>();
  const close = (classId: number, start: number, end: number): void => {
    let found = classes.get(classId);
    if (found === undefined) {
      found = { runs: [], end: 0 };
      classes.set(classId, found);
    }
    found.runs.push(start - found.end, end - start);
    found.end = end;
  };
  let position = 0;
  let start = 0;
  let current = data[0] as number;
  for (let x = 0; x < width; x++) {
    for (let y = 0, index = x; y < height; y++, index += width, position++) {
      const classId = data[index] as number;
      if (classId === current) continue;
      close(current, start, position);
      current = classId;
      start = position;
    }
  }
  close(current, start, position);
  return [...classes].map(([classId, { runs, end }]) => {
    if (end < position) runs.push(position - end);
    const mask: RleMask = { size: [height, width], counts: writeRuns(runs) };
    return { classId, area: rleArea(mask), mask };
  });
}
