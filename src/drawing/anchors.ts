import type { Box } from '../results';
import type { Point } from './canvas';

/** A place of a box: its centre, or the middle of its upper or lower side. */
export type BoxAnchor = 'center' | 'top' | 'bottom';
export const boxAnchors: readonly BoxAnchor[] = ['center', 'top', 'bottom'];

/** The place in pixels; a box that is not finite gives a point that is not drawn. */
export function anchorPoint([x1, y1, x2, y2]: Box, anchor: BoxAnchor): Point {
  const y = { center: (y1 + y2) / 2, top: Math.min(y1, y2), bottom: Math.max(y1, y2) }[anchor];
  return [(x1 + x2) / 2, y];
}
