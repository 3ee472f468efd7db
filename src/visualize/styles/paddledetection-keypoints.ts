import type { Rgb } from '../../display/palette';
import type { SceneObject } from '../../drawing/annotators/annotator';
import type { Canvas, Point } from '../../drawing/canvas';
import { skeletonOfScript } from '../../drawing/skeletons';

/** The script's threshold for joints. */
const jointThreshold = 0.5;
/** Remaining share of the picture under a limb. */
const limbAlpha = 0.6;

/** Eighteen hues around the circle, in steps of 20 degrees; the script intends RGB but draws on BGR. */
function hue(index: number): Rgb {
  const [sector, step] = [Math.floor((index % 18) / 3), index % 3];
  const rising = 85 * step;
  const falling = 255 - rising;
  const ring: Rgb[] = [
    [255, rising, 0],
    [falling, 255, 0],
    [0, 255, rising],
    [0, falling, 255],
    [rising, 0, 255],
    [255, 0, falling],
  ];
  const [red, green, blue] = ring[sector] ?? [0, 0, 0];
  return [blue, green, red];
}

/** Joints as discs and limbs as ellipses, as in the script, with smooth edges (OpenCV's are jagged). */
export function drawPersons(canvas: Canvas, people: readonly SceneObject[]): void {
  for (const { keypoints = [] } of people) {
    keypoints.forEach(({ x, y, score }, index) => {
      if (score >= jointThreshold) canvas.circle([Math.trunc(x) + 0.5, Math.trunc(y) + 0.5], 2.5, hue(index));
    });
  }
  const bones = skeletonOfScript(people[0]?.keypoints?.length ?? 0);
  bones.forEach(([from, to], index) => {
    for (const { keypoints = [] } of people) {
      const [a, b] = [keypoints[from], keypoints[to]];
      if (a === undefined || b === undefined || a.score < jointThreshold || b.score < jointThreshold) continue;
      canvas.polygon([limb([a.x, a.y], [b.x, b.y])], hue(index), limbAlpha);
    }
  });
}

function limb([x1, y1]: Point, [x2, y2]: Point): Point[] {
  const [centerX, centerY] = [Math.trunc((x1 + x2) / 2) + 0.5, Math.trunc((y1 + y2) / 2) + 0.5];
  const length = Math.trunc(Math.hypot(x2 - x1, y2 - y1) / 2) + 0.5;
  const angle = (Math.trunc((Math.atan2(y2 - y1, x2 - x1) * 180) / Math.PI) * Math.PI) / 180;
  return Array.from({ length: 64 }, (_, index): Point => {
    const turn = (index / 64) * 2 * Math.PI;
    const [along, across] = [length * Math.cos(turn), 2.5 * Math.sin(turn)];
    return [
      centerX + along * Math.cos(angle) - across * Math.sin(angle),
      centerY + along * Math.sin(angle) + across * Math.cos(angle),
    ];
  });
}
