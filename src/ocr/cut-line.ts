import type { RgbImage } from '../image/image';

/** A part of a line along its width, in pixels. */
export interface LinePart {
  readonly start: number;
  readonly end: number;
  /** Whether the gap before it is as wide as between words. */
  readonly gap: boolean;
}

/** Lines of up to this many times their height are read at once: PaddleX reads no longer ones without squeezing them. */
const longest = 66;
/** A part ends in the last third of the longest. */
const earliest = 2 / 3;
/** Of the difference between the emptiest and the fullest column. */
const empty = 0.25;
/** Of the height of the line; letters stand closer. */
const wordGap = 0.12;

/** The parts of a very long line, cut in the widest gap near the end of each; one part if it is not too long. */
export function cutLine(line: RgbImage): LinePart[] {
  const most = longest * line.height;
  if (line.width <= most) return [{ start: 0, end: line.width, gap: false }];
  const contrasts = columnContrasts(line);
  const parts: LinePart[] = [];
  let [start, gap] = [0, false];
  while (line.width - start > most) {
    const cut = widestGap(contrasts, start + Math.floor(earliest * most), start + most);
    parts.push({ start, end: cut.at, gap });
    [start, gap] = [cut.at, cut.width > wordGap * line.height];
  }
  parts.push({ start, end: line.width, gap });
  return parts;
}

/** The difference between the brightest and the darkest green in each column. */
function columnContrasts({ data, width, height }: RgbImage): Uint8Array {
  const [least, most] = [new Uint8Array(width).fill(255), new Uint8Array(width)];
  for (let y = 0, at = 1; y < height; y++) {
    for (let x = 0; x < width; x++, at += 3) {
      const value = data[at] as number;
      if (value < (least[x] as number)) least[x] = value;
      if (value > (most[x] as number)) most[x] = value;
    }
  }
  return most.map((value, x) => value - (least[x] as number));
}

function widestGap(contrasts: Uint8Array, from: number, to: number): { readonly at: number; readonly width: number } {
  const window = contrasts.subarray(from, to);
  const [low, high] = window.reduce(([a, b], value) => [Math.min(a, value), Math.max(b, value)] as const, [
    255, 0,
  ] as readonly [number, number]);
  const limit = low + empty * (high - low);
  let best = { at: to, width: 0 };
  let run = 0;
  for (let i = 0; i <= window.length; i++) {
    if (i < window.length && (window[i] as number) <= limit) {
      run++;
      continue;
    }
    // Of equally wide gaps the last, so that parts are few.
    if (run > 0 && run >= best.width) best = { at: from + i - Math.ceil(run / 2), width: run };
    run = 0;
  }
  return best;
}
