import { boolean, fraction, integer, number, type OptionChecks, readOptions } from '../options';
import type { Box, Detection } from '../results';
import { boxesOf } from './box-track';
import { type FrameBox, readFrame, trackedObjects } from './frame-boxes';
import { assignRows, type CostMatrix } from './linear-assignment';
import { directionBetween, ObservedTrack } from './observed-track';
import { overlaps } from './overlaps';
import type { TrackedObject, Tracker } from './tracker';

/** Options of OC-SORT; names and defaults are those of PaddleDetection's `OCSORTTracker` in its tracking script. */
export interface OcSortOptions {
  /** Detections with a score above continue and begin objects; 0.4 by default. */
  readonly detThresh?: number;
  /** For so many frames a lost object may be found again; 30 by default. */
  readonly maxAge?: number;
  /** So many times in a row an object must be found before it is given out; 3 by default. */
  readonly minHits?: number;
  /** The least IoU at which a detection continues an object; 0.3 by default. */
  readonly iouThreshold?: number;
  /** Over so many frames the direction of an object is measured; 3 by default. */
  readonly deltaT?: number;
  /** The weight of the direction; 0.2 by default. */
  readonly inertia?: number;
  /** Whether detections with a score of 0.1 to `detThresh` continue objects; off by default. */
  readonly useByte?: boolean;
  /** Whether the direction of an object counts; off by default. */
  readonly useAngleCost?: boolean;
  /** Objects of this area or less are not given out; 0 by default. */
  readonly minBoxArea?: number;
  /** Objects with a larger width / height are not given out; 0, by default: all are. 1.6 is usual for pedestrians. */
  readonly verticalRatio?: number;
}

const checks = {
  detThresh: fraction,
  maxAge: integer(0),
  minHits: integer(0),
  iouThreshold: fraction,
  deltaT: integer(1),
  inertia: number(0, Number.MAX_VALUE),
  useByte: boolean,
  useAngleCost: boolean,
  minBoxArea: number(0, Number.MAX_VALUE),
  verticalRatio: number(0, Number.MAX_VALUE),
} satisfies OptionChecks<OcSortOptions>;

const defaults: Required<OcSortOptions> = {
  detThresh: 0.4,
  maxAge: 30,
  minHits: 3,
  iouThreshold: 0.3,
  deltaT: 3,
  inertia: 0.2,
  useByte: false,
  useAngleCost: false,
  minBoxArea: 0,
  verticalRatio: 0,
};

/** The box that stands for none in comparisons. */
const NO_BOX: Box = [-1, -1, -1, -1];

/** What two rounds of association have left, as places in the lists of detections and tracks. */
interface Unmatched {
  detections: number[];
  tracks: number[];
}

/** OC-SORT: all classes are tracked together. */
export class OcSortTracker implements Tracker {
  readonly name = 'oc-sort';
  readonly #options: Required<OcSortOptions>;
  #tracks: ObservedTrack[] = [];
  #count = 0;
  #frame = 0;

  constructor(options: OcSortOptions) {
    const given = Object.entries(readOptions<OcSortOptions>('createTracker', options, checks));
    this.#options = { ...defaults, ...Object.fromEntries(given.filter(([, value]) => value !== undefined)) };
  }

  update<D extends Detection>(detections: readonly D[]): TrackedObject<D>[] {
    const boxes = readFrame(detections);
    this.#frame++;
    const limit = Math.fround(this.#options.detThresh);
    const high = boxes.filter(({ score }) => score > limit);
    const low = boxes.filter(({ score }) => score > Math.fround(0.1) && score < limit);
    const expected = this.#predict();
    // Those of the frame before, which the first round replaces.
    const last = this.#tracks.map((track) => track.last?.box);

    const left = this.#matchExpected(high, expected);
    if (this.#options.useByte) this.#matchLow(low, expected, left);
    this.#matchLast(high, last, left);
    for (const place of left.detections) {
      this.#tracks.push(new ObservedTrack(++this.#count, high[place]!, this.#options.deltaT));
    }
    const found = this.#tracks
      .filter(
        ({ unseen, streak }) => unseen < 1 && (streak >= this.#options.minHits || this.#frame <= this.#options.minHits),
      )
      .map(({ id, index, current }) => ({ id, index, ...current }))
      .reverse();
    this.#tracks = this.#tracks.filter(({ unseen }) => unseen <= this.#options.maxAge);
    return trackedObjects(found, detections, this.#options);
  }

  reset(): void {
    this.#tracks = [];
    this.#count = 0;
    this.#frame = 0;
  }

  /** The boxes expected in this frame; tracks whose box has no size any more end. */
  #predict(): Box[] {
    const expected = this.#tracks.map((track) => track.predict());
    const isReal = (box: Box | undefined): boolean => box?.every(Number.isFinite) ?? false;
    this.#tracks = this.#tracks.filter((_, place) => isReal(expected[place]));
    return expected.filter(isReal);
  }

  #matchExpected(high: readonly FrameBox[], expected: readonly Box[]): Unmatched {
    const { iouThreshold, useAngleCost } = this.#options;
    const shared = overlaps(boxesOf(high), expected);
    const pairs =
      singlePairs(shared, iouThreshold) ?? assigned(useAngleCost ? this.#withDirections(shared, high) : shared);
    const matched = { detections: new Set(pairs.map(([d]) => d)), tracks: new Set(pairs.map(([, t]) => t)) };
    const left: Unmatched = {
      detections: [...high.keys()].filter((place) => !matched.detections.has(place)),
      tracks: [...expected.keys()].filter((place) => !matched.tracks.has(place)),
    };
    for (const [d, t] of pairs) {
      if (shared.values[d * shared.columns + t]! < iouThreshold) {
        left.detections.push(d);
        left.tracks.push(t);
      } else this.#tracks[t]!.follow(high[d]!, useAngleCost);
    }
    return left;
  }

  /** The IoU plus what an object gains if the detection lies in its direction. */
  #withDirections(shared: CostMatrix, high: readonly FrameBox[]): CostMatrix {
    const values = shared.values.slice();
    for (const [t, track] of this.#tracks.entries()) {
      const { reference, velocity } = track;
      if (reference === undefined) continue;
      for (const [d, { box, score }] of high.entries()) {
        const [y, x] = directionBetween(reference.box, box);
        const cosine = Math.min(1, Math.max(-1, velocity[1] * x + velocity[0] * y));
        const gain = (Math.PI / 2 - Math.abs(Math.acos(cosine))) / Math.PI;
        values[d * shared.columns + t]! += gain * this.#options.inertia * score;
      }
    }
    return { ...shared, values };
  }

  /** Detections of low score continue tracks that are left. */
  #matchLow(low: readonly FrameBox[], expected: readonly Box[], left: Unmatched): void {
    const boxes = left.tracks.map((place) => expected[place]!);
    const pairs = bestPairs(overlaps(boxesOf(low), boxes), this.#options.iouThreshold);
    if (pairs === undefined) return;
    for (const [d, t] of pairs) this.#tracks[left.tracks[t]!]!.follow(low[d]!, this.#options.useAngleCost);
    left.tracks = withoutPlaces(
      left.tracks,
      pairs.map(([, t]) => t),
    );
  }

  /** Detections that are left continue tracks whose last box they overlap. */
  #matchLast(high: readonly FrameBox[], last: readonly (Box | undefined)[], left: Unmatched): void {
    // NumPy computes in single precision unless a track has no box yet.
    const round = last.includes(undefined) ? undefined : Math.fround;
    const found = left.detections.map((place) => high[place]!.box);
    const boxes = left.tracks.map((place) => last[place] ?? NO_BOX);
    const limit = round?.(this.#options.iouThreshold) ?? this.#options.iouThreshold;
    const pairs = bestPairs(overlaps(found, boxes, round), limit);
    if (pairs === undefined) return;
    for (const [d, t] of pairs) {
      this.#tracks[left.tracks[t]!]!.follow(high[left.detections[d]!]!, this.#options.useAngleCost);
    }
    left.detections = withoutPlaces(
      left.detections,
      pairs.map(([d]) => d),
    );
    left.tracks = withoutPlaces(
      left.tracks,
      pairs.map(([, t]) => t),
    );
  }
}

type Pair = readonly [row: number, column: number];

/** All pairs above the limit, if no row and no column has two. */
function singlePairs({ rows, columns, values }: CostMatrix, limit: number): Pair[] | undefined {
  const pairs: Pair[] = [];
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      if (values[row * columns + column]! > limit) pairs.push([row, column]);
    }
  }
  const single = new Set(pairs.map(([row]) => row)).size === pairs.length;
  return pairs.length > 0 && single && new Set(pairs.map(([, column]) => column)).size === pairs.length
    ? pairs
    : undefined;
}

/** The pairs with the largest sum. */
function assigned(gains: CostMatrix): Pair[] {
  const values = new Float64Array(gains.values.length);
  for (let i = 0; i < values.length; i++) values[i] = -gains.values[i]!;
  const columns = assignRows({ ...gains, values });
  return Array.from(columns, (column, row): Pair => [row, column]).filter(([, column]) => column >= 0);
}

/** The same without pairs below the limit; nothing if no pair is above it. */
function bestPairs(shared: CostMatrix, limit: number): Pair[] | undefined {
  if (!shared.values.some((value) => value > limit)) return undefined;
  return assigned(shared).filter(([row, column]) => !(shared.values[row * shared.columns + column]! < limit));
}

/** What is left of a list, in ascending order, as NumPy's `setdiff1d` gives it. */
function withoutPlaces(list: readonly number[], places: readonly number[]): number[] {
  const taken = new Set(places);
  return list.filter((_, place) => !taken.has(place)).sort((a, b) => a - b);
}
