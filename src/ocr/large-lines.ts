import { sharedArea } from '../metrics/polygon-overlap';
import { quadArea } from '../metrics/quad-overlap';
import type { TextRegion } from '../results';
import { heightOf } from './join-regions';

/** Smaller lines that cover this much of a large one are what really stands there. */
const covered = 1 / 3;
const mostlyInside = 0.5;

/**
 * Adds lines that are too high for tiles, as found in the whole image, and takes away their fragments. What was found as
 * one line in the reduced image, but is several small ones in the tiles, is not added.
 *
 * @param height in pixels, from which a line is too high
 */
export function withLargeLines(
  small: readonly TextRegion[],
  whole: readonly TextRegion[],
  height: number,
): readonly TextRegion[] {
  let kept = small;
  const added: TextRegion[] = [];
  for (const large of whole) {
    const side = heightOf(large);
    if (side < height) continue;
    const corners = large.polygon.flat();
    const inside = new Set(kept.filter((region) => isInside(region, corners)));
    const lower = [...inside].filter((region) => heightOf(region) < side / 2);
    const area = lower.reduce((sum, { polygon }) => sum + quadArea(polygon.flat()), 0);
    if (area > covered * quadArea(corners)) continue;
    kept = kept.filter((region) => !inside.has(region));
    added.push(large);
  }
  return [...kept, ...added];
}

function isInside({ polygon }: TextRegion, corners: readonly number[]): boolean {
  const own = polygon.flat();
  return sharedArea(own, corners) > mostlyInside * quadArea(own);
}
