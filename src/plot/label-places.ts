import { textWidth } from '../drawing/text';
import { fontSize } from './svg';
import type { TextPosition } from './types';

/** A point with a label, in pixels from the top left corner of the plot. */
export interface NamedPoint {
  readonly x: number;
  readonly y: number;
  readonly text: string;
}

interface Area {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Half of a marker, and the distance of a text from its point. */
const markerRadius = 7;
const away = 10;
/** How far a label may exceed the upper and lower end of the plot, next to a point at the end. */
const edge = fontSize / 2;

/**
 * Places the labels of points so that they cover neither each other nor another point; undefined for those without
 * enough room. Earlier points have priority.
 */
export function placeLabels(
  points: readonly NamedPoint[],
  width: number,
  height: number,
): readonly (TextPosition | undefined)[] {
  const taken = points.map(({ x, y }): Area => {
    return { left: x - markerRadius, right: x + markerRadius, top: y - markerRadius, bottom: y + markerRadius };
  });
  return points.map((point) => {
    for (const position of ['top center', 'bottom center', 'middle right', 'middle left'] as const) {
      const area = areaOf(point, position);
      const inside = area.left >= 0 && area.right <= width && area.top >= -edge && area.bottom <= height + edge;
      if (!inside || taken.some((other) => overlap(area, other))) continue;
      taken.push(area);
      return position;
    }
    return undefined;
  });
}

function areaOf({ x, y, text }: NamedPoint, position: TextPosition): Area {
  const [width, half] = [textWidth(text, fontSize), fontSize / 2];
  switch (position) {
    case 'top center':
      return { left: x - width / 2, right: x + width / 2, top: y - away - fontSize, bottom: y - away };
    case 'bottom center':
      return { left: x - width / 2, right: x + width / 2, top: y + away, bottom: y + away + fontSize };
    case 'middle right':
      return { left: x + away, right: x + away + width, top: y - half, bottom: y + half };
    case 'middle left':
      return { left: x - away - width, right: x - away, top: y - half, bottom: y + half };
  }
}

function overlap(a: Area, b: Area): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}
