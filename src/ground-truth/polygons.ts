import { encodeRle } from '../image/rle';
import { loadBinding } from '../native/binding';
import type { RleMask } from '../results';

/** The pixels of which polygons `[x, y, x, y, …]` cover at least half, as a mask over the image. */
export function fillPolygons(polygons: readonly (readonly number[])[], width: number, height: number): RleMask {
  const inside = new Uint8Array(width * height);
  for (const polygon of polygons) {
    const ends = Uint32Array.of(polygon.length >> 1);
    loadBinding()
      .rasterizePath(Float64Array.from(polygon), ends, width, height)
      .forEach((covered, index) => {
        if (covered >= 128) inside[index] = 1;
      });
  }
  return encodeRle({ width, height, data: inside });
}
