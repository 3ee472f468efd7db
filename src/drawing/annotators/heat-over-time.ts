import { fraction, number, type OptionChecks, readOptions } from '../../options';
import type { Canvas, HeatValues, Point } from '../canvas';
import { heatColors } from '../heat-colors';
import { checkHistory, type ObjectHistory } from '../object-history';
import type { Annotator } from './annotator';

/** The frames whose objects are added up. */
export interface HeatOverTimeOptions {
  /** Where the objects were; the frame that is drawn is added to it. */
  readonly history: ObjectHistory;
  /** How far an object warms its surroundings, in pixels, 1 to 1000; default: a fifteenth of the image's shorter side. */
  readonly radius?: number;
  /** Opacity of the highest value, 0 to 1; default 0.75. */
  readonly opacity?: number;
}

const checks = {
  history: checkHistory,
  radius: number(1, 1000),
  opacity: fraction,
} satisfies OptionChecks<HeatOverTimeOptions>;

/** Shows where objects were most often over the frames of a history, from blue over green to yellow. */
export function createHeatOverTime(options: HeatOverTimeOptions): Annotator {
  const { history, radius, opacity = 0.75 } = readOptions('heatOverTime', options ?? {}, checks);
  checkHistory('history', history);
  return (canvas, scene) => {
    history.add(scene);
    const points = history.frames.flat().map(({ point }) => point);
    const values = warmth(points, radius ?? Math.min(canvas.width, canvas.height) / 15, canvas);
    const high = values.data.reduce((highest, value) => Math.max(highest, value), 0);
    if (high > 0) canvas.heatMap(values, heatColors(opacity), 0, high);
  };
}

/** Sums of hills around the points, on a grid with a few cells for each radius. */
function warmth(points: readonly Point[], radius: number, canvas: Canvas): HeatValues {
  const cell = Math.max(1, radius / 4);
  const [width, height] = [Math.ceil(canvas.width / cell), Math.ceil(canvas.height / cell)];
  const data = new Float32Array(width * height);
  const [sigma, reach] = [radius / 2 / cell, Math.ceil((2 * radius) / cell)];
  for (const [px, py] of points) {
    if (!Number.isFinite(px) || !Number.isFinite(py)) continue;
    const [cx, cy] = [(px * width) / canvas.width - 0.5, (py * height) / canvas.height - 0.5];
    for (let y = Math.max(0, Math.floor(cy - reach)); y <= Math.min(height - 1, cy + reach); y++) {
      for (let x = Math.max(0, Math.floor(cx - reach)); x <= Math.min(width - 1, cx + reach); x++) {
        const distance = (x - cx) ** 2 + (y - cy) ** 2;
        data[y * width + x]! += Math.exp(-distance / (2 * sigma * sigma));
      }
    }
  }
  return { width, height, data };
}
