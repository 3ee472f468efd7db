import type { OverlapMetric } from '../objects/overlap';

/** How a large image is divided into windows; pairs are height, width, as in Paddle's flags. */
export interface SliceSettings {
  readonly size: readonly [height: number, width: number];
  /** Overlap of neighbouring windows, as a fraction of their size. */
  readonly overlap: readonly [height: number, width: number];
  /** What becomes of objects detected in several windows: the best is kept, all are kept, or they are joined. */
  readonly combine: 'nms' | 'concat' | 'merge';
  /** `iou`: intersection over union, `ios`: intersection over the smaller one. */
  readonly metric: OverlapMetric;
  readonly threshold: number;
}

/** The settings of PaddleDetection's script. */
export const defaultSlices: SliceSettings = {
  size: [640, 640],
  overlap: [0.25, 0.25],
  combine: 'nms',
  metric: 'ios',
  threshold: 0.6,
};
