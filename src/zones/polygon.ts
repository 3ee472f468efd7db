import type { ZonePoint } from './zone-shape';

/** Whether a point is inside, by the even-odd rule: where a polygon crosses itself, parts in it twice are outside. */
export function isInside([x, y]: ZonePoint, corners: readonly ZonePoint[]): boolean {
  let inside = false;
  let [previousX, previousY] = corners[corners.length - 1] as ZonePoint;
  for (const [cornerX, cornerY] of corners) {
    if (cornerY > y !== previousY > y) {
      const crossing = cornerX + ((y - cornerY) / (previousY - cornerY)) * (previousX - cornerX);
      if (x < crossing) inside = !inside;
    }
    [previousX, previousY] = [cornerX, cornerY];
  }
  return inside;
}

/** How far a point is from the outline. */
export function distanceToOutline(point: ZonePoint, corners: readonly ZonePoint[]): number {
  const distances = corners.map((corner, i) => {
    return distanceToEdge(point, corner, corners[(i + 1) % corners.length] as ZonePoint);
  });
  return Math.min(...distances);
}

function distanceToEdge([x, y]: ZonePoint, [fromX, fromY]: ZonePoint, [toX, toY]: ZonePoint): number {
  const [dx, dy] = [toX - fromX, toY - fromY];
  const length = dx * dx + dy * dy;
  const along = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - fromX) * dx + (y - fromY) * dy) / length));
  return Math.hypot(x - fromX - along * dx, y - fromY - along * dy);
}
