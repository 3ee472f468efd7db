import { clamp, overlapArea, type Rectangle } from './geometry';

interface Size {
  readonly width: number;
  readonly height: number;
}

/**
 * Places a label: the first position around its box that is inside the image and overlaps no earlier label, or, if
 * there is none, the one with the smallest overlap.
 *
 * Deterministic: the same boxes in the same order have the same positions.
 *
 * @param anchor the outline of the label's box
 * @param label size of the label, not larger than the image
 * @param placed the labels placed before
 */
export function placeLabel(anchor: Rectangle, label: Size, image: Size, placed: readonly Rectangle[]): Rectangle {
  let best: Rectangle | undefined;
  let bestCost = Number.POSITIVE_INFINITY;
  for (const spot of spots(anchor, label, image)) {
    const cost = placed.reduce((sum, other) => sum + overlapArea(spot, other), 0);
    if (cost < bestCost) {
      best = spot;
      bestCost = cost;
    }
    if (cost === 0) break;
  }
  return best ?? { left: 0, top: 0, ...label };
}

/** All positions inside the image, best first: above, then inside or below (whichever covers less), then beside. */
function spots(anchor: Rectangle, label: Size, image: Size): Rectangle[] {
  const right = anchor.left + anchor.width;
  const bottom = anchor.top + anchor.height;
  const alignments = [anchor.left, right - label.width];
  const row = (top: number): [number, number][] => alignments.map((left) => [left, top]);
  const above = row(anchor.top - label.height);
  const below = row(bottom);
  const inside = [...row(anchor.top), ...row(bottom - label.height)];
  const beside: [number, number][] = [anchor.top, bottom - label.height].flatMap((top): [number, number][] => [
    [right, top],
    [anchor.left - label.width, top],
  ]);
  const roomy = anchor.height >= 4 * label.height && anchor.width >= label.width;
  const order = [...above, ...(roomy ? [...inside, ...below] : [...below, ...beside, ...inside]), ...beside];

  const all: Rectangle[] = [];
  for (const [left, top] of order) {
    if (top < 0 || top + label.height > image.height) continue;
    // Moving a label sideways keeps it at its box; moving it up or down would detach it.
    all.push({ left: clamp(left, 0, image.width - label.width), top, ...label });
  }
  if (all.length > 0) return all;
  const top = clamp(anchor.top, 0, image.height - label.height);
  return [{ left: clamp(anchor.left, 0, image.width - label.width), top, ...label }];
}
