import type { Bitmap } from './rle';

/** Polygons are drawn on a grid finer by this factor. */
const upsampling = 5;

/** The pixels inside any of some polygons (x, y, x, y, …), to the pixel as pycocotools' `frPyObjects` and `merge`. */
export function fillPolygons(polygons: readonly (readonly number[])[], width: number, height: number): Bitmap {
  const data = new Uint8Array(width * height);
  for (const polygon of polygons) {
    let inside = false;
    let from = 0;
    const paint = (to: number): void => {
      for (let i = from; inside && i < to; i++) data[(i % height) * width + Math.floor(i / height)] = 1;
      inside = !inside;
      from = to;
    };
    // Each crossing of the boundary, in column-major order, toggles between inside and outside.
    for (const crossing of crossings(polygon, width, height)) paint(crossing);
    paint(width * height);
  }
  return { width, height, data };
}

function crossings(polygon: readonly number[], width: number, height: number): number[] {
  const [us, vs] = outline(polygon);
  const found: number[] = [];
  for (let j = 1; j < us.length; j++) {
    const [u, previousU] = [us[j] as number, us[j - 1] as number];
    if (u === previousU) continue;
    const x = ((u < previousU ? u : u - 1) + 0.5) / upsampling - 0.5;
    if (Math.floor(x) !== x || x < 0 || x > width - 1) continue;
    const y = (Math.min(vs[j] as number, vs[j - 1] as number) + 0.5) / upsampling - 0.5;
    found.push(x * height + Math.ceil(Math.min(Math.max(y, 0), height)));
  }
  return found.sort((a, b) => a - b);
}

/** Points of the fine grid, densely along the boundary. */
function outline(polygon: readonly number[]): [number[], number[]] {
  const fine = polygon.map((value) => Math.trunc(upsampling * value + 0.5));
  const corners = fine.length / 2;
  const us: number[] = [];
  const vs: number[] = [];
  for (let j = 0; j < corners; j++) {
    const next = (j + 1) % corners;
    let [x = 0, y = 0, toX = 0, toY = 0] = [fine[2 * j], fine[2 * j + 1], fine[2 * next], fine[2 * next + 1]];
    const [dx, dy] = [Math.abs(toX - x), Math.abs(toY - y)];
    const flat = dx >= dy;
    const flip = flat ? x > toX : y > toY;
    if (flip) [x, y, toX, toY] = [toX, toY, x, y];
    const slope = flat ? (toY - y) / dx : (toX - x) / dy;
    const steps = Math.max(dx, dy);
    for (let d = 0; d <= steps; d++) {
      const t = flip ? steps - d : d;
      // A polygon may repeat a corner, which would give a slope of 0 ÷ 0.
      const along = t === 0 ? 0 : slope * t;
      us.push(flat ? t + x : Math.trunc(x + along + 0.5));
      vs.push(flat ? Math.trunc(y + along + 0.5) : t + y);
    }
  }
  return [us, vs];
}
