/** Corners `[x1, y1, x2, y2, x3, y3, x4, y4]` in either direction. */
export type Corners = readonly number[];

/**
 * Overlap (IoU) of convex polygons: what is shared is cut out by the sides of the second (Sutherland and Hodgman).
 *
 * @param crowds of these the part of the detection that is inside, as of boxes in COCO
 * @returns rows of `truths.length` numbers, one a detection
 */
export function quadOverlaps(
  found: readonly Corners[],
  truths: readonly Corners[],
  crowds: readonly boolean[],
): Float64Array {
  const overlaps = new Float64Array(found.length * truths.length);
  const [first, second] = [found.map(clockwise), truths.map(clockwise)];
  let at = 0;
  for (const a of first) {
    for (let g = 0; g < second.length; g++, at++) {
      const b = second[g] as Corners;
      if (!extentsMeet(a, b)) continue;
      const both = Math.abs(signedArea(shared(a, b)));
      const whole = crowds[g] ? signedArea(a) : signedArea(a) + signedArea(b) - both;
      if (both > 0 && whole > 0) overlaps[at] = both / whole;
    }
  }
  return overlaps;
}

/** Area of a polygon in pixels. */
export function quadArea(corners: Corners): number {
  return Math.abs(signedArea(corners));
}

function clockwise(corners: Corners): Corners {
  if (signedArea(corners) >= 0) return corners;
  const turned: number[] = [];
  for (let i = corners.length - 2; i >= 0; i -= 2) turned.push(corners[i] as number, corners[i + 1] as number);
  return turned;
}

/** Gauss's formula. */
function signedArea(corners: Corners): number {
  let sum = 0;
  for (let i = 0; i < corners.length; i += 2) {
    const [x1 = 0, y1 = 0] = [corners[i], corners[i + 1]];
    const [x2 = 0, y2 = 0] = [corners[(i + 2) % corners.length], corners[(i + 3) % corners.length]];
    sum += x1 * y2 - x2 * y1;
  }
  return sum / 2;
}

function extentsMeet(a: Corners, b: Corners): boolean {
  return [0, 1].every((axis) => {
    const [ofA, ofB] = [a.filter((_, i) => i % 2 === axis), b.filter((_, i) => i % 2 === axis)];
    return Math.min(...ofA) < Math.max(...ofB) && Math.min(...ofB) < Math.max(...ofA);
  });
}

function shared(polygon: Corners, by: Corners): Corners {
  let kept = polygon;
  for (let i = 0; i < by.length && kept.length > 0; i += 2) {
    const [x1 = 0, y1 = 0] = [by[i], by[i + 1]];
    const [x2 = 0, y2 = 0] = [by[(i + 2) % by.length], by[(i + 3) % by.length]];
    kept = insideOf(kept, (x, y) => (x2 - x1) * (y - y1) - (y2 - y1) * (x - x1));
  }
  return kept;
}

/** The part of a polygon where a linear function is not negative. */
function insideOf(polygon: Corners, side: (x: number, y: number) => number): Corners {
  const kept: number[] = [];
  for (let i = 0; i < polygon.length; i += 2) {
    const [x1 = 0, y1 = 0] = [polygon[i], polygon[i + 1]];
    const [x2 = 0, y2 = 0] = [polygon[(i + 2) % polygon.length], polygon[(i + 3) % polygon.length]];
    const [from, to] = [side(x1, y1), side(x2, y2)];
    if (from >= 0) kept.push(x1, y1);
    if (from < 0 === to < 0) continue;
    const part = from / (from - to);
    kept.push(x1 + part * (x2 - x1), y1 + part * (y2 - y1));
  }
  return kept;
}
