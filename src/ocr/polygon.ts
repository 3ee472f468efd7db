/** A point in pixels, origin top left. */
export type Point = readonly [x: number, y: number];

/** Rotates a point around the origin; angles are in radians, from the x axis to the y axis. */
export function rotate([x, y]: Point, angle: number): Point {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return [x * cos - y * sin, x * sin + y * cos];
}

/** The angle of the upper edge, from the first corner to the second; 0 if a polygon has more than four corners. */
export function topAngle(polygon: readonly Point[]): number {
  const [a, b] = polygon;
  if (polygon.length !== 4 || a === undefined || b === undefined) return 0;
  return Math.atan2(b[1] - a[1], b[0] - a[0]);
}
