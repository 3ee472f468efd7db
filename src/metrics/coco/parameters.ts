/** What COCO's evaluation of one kind of result goes by. */
export interface CocoParameters {
  /** Overlaps from which a detection counts as right. */
  readonly thresholds: readonly number[];
  /** How many detections of a class count in an image, ascending. */
  readonly maxDetections: readonly number[];
  /** Ranges of the true objects' areas in pixels, by their names. */
  readonly areas: readonly AreaRange[];
}

export interface AreaRange {
  readonly name: 'all' | 'small' | 'medium' | 'large';
  readonly least: number;
  readonly most: number;
}

/** 0.50 to 0.95 in steps of 0.05, as numpy's `linspace` has them. */
export const cocoThresholds: readonly number[] = Array.from({ length: 10 }, (_, i) =>
  i === 9 ? 0.95 : 0.5 + i * ((0.95 - 0.5) / 9),
);

/** Recalls at which precision is read: 0 to 1 in steps of 0.01. */
export const recallPoints: readonly number[] = Array.from({ length: 101 }, (_, i) => i * 0.01);

const all = { name: 'all', least: 0, most: 1e10 } as const;
const small = { name: 'small', least: 0, most: 32 ** 2 } as const;
const medium = { name: 'medium', least: 32 ** 2, most: 96 ** 2 } as const;
const large = { name: 'large', least: 96 ** 2, most: 1e10 } as const;

/** Boxes and masks. */
export const objectParameters: CocoParameters = {
  thresholds: cocoThresholds,
  maxDetections: [1, 10, 100],
  areas: [all, small, medium, large],
};

/** People's joints: the small ones have none. */
export const keypointParameters: CocoParameters = {
  thresholds: cocoThresholds,
  maxDetections: [20],
  areas: [all, medium, large],
};
