/** Code points as sorted ranges: first and last of each, alternating. */
export type CodePoints = Uint32Array;

/** Whether a code point is among them. */
export function includes(ranges: CodePoints, codePoint: number): boolean {
  let [low, high] = [0, ranges.length / 2 - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (codePoint < (ranges[2 * middle] as number)) high = middle - 1;
    else if (codePoint > (ranges[2 * middle + 1] as number)) low = middle + 1;
    else return true;
  }
  return false;
}

/** Sorted code points as ranges. */
export function toRanges(sorted: Iterable<number>): CodePoints {
  const ranges: number[] = [];
  for (const codePoint of sorted) {
    if (ranges.length > 0 && ranges.at(-1) === codePoint - 1) ranges[ranges.length - 1] = codePoint;
    else ranges.push(codePoint, codePoint);
  }
  return Uint32Array.from(ranges);
}

/** `20-7e,a0`, in hexadecimal digits. */
export function formatRanges(ranges: CodePoints): string {
  const parts: string[] = [];
  for (let i = 0; i < ranges.length; i += 2) {
    const [first, last] = [ranges[i] as number, ranges[i + 1] as number];
    parts.push(first === last ? first.toString(16) : `${first.toString(16)}-${last.toString(16)}`);
  }
  return parts.join(',');
}

/** Reads what `formatRanges` writes. */
export function parseRanges(text: string): CodePoints {
  const ranges = text
    .split(',')
    .filter((part) => part !== '')
    .flatMap((part) => {
      const [first = '', last = first] = part.split('-');
      return [Number.parseInt(first, 16), Number.parseInt(last, 16)];
    });
  return Uint32Array.from(ranges);
}

/** `U+0623`. */
export function nameOfCodePoint(codePoint: number): string {
  return `U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}`;
}
