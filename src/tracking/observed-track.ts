import type { Box } from '../results';
import type { FrameBox } from './frame-boxes';

const { fround } = Math;

/** The variance of a measurement and of a step of centre x, centre y, area and aspect ratio. */
const MEASURED = [1, 1, 10, 10];
const STEP = 1;
/** The variance of a step of the velocities of centre x, centre y and area; the aspect ratio has no velocity. */
const VELOCITY_STEPS = [0.01, 0.01, 0.01 * 0.01];
const AREA = 2;

/** A direction, `[y, x]`. */
export type Direction = readonly [y: number, x: number];

/** A box that OC-SORT was given for an object. */
export interface Observation {
  readonly box: Box;
  readonly score: number;
}

/** An object that OC-SORT follows: a Kalman filter and the last boxes that were found for it. */
export class ObservedTrack {
  /** Frames since it was last found. */
  unseen = 0;
  /** How many times it was found without a gap. */
  streak = 0;
  /** The last box found after the first one. */
  last: Observation | undefined;
  velocity: Direction = [0, 0];
  /** The place of its detection in the frame in which it was last found. */
  index: number;
  readonly #firstScore: number;
  readonly #values: number[];
  readonly #velocities = [0, 0, 0, 0];
  /** The covariance of each value, as four numbers: with itself, with its velocity and back, of its velocity. */
  readonly #covariances = MEASURED.map(() => [10, 0, 0, 10_000]);
  readonly #seen = new Map<number, Observation>();
  #age = 0;

  constructor(
    readonly id: number,
    { box, score, index }: FrameBox,
    readonly deltaT: number,
  ) {
    this.#values = measure(box);
    this.#firstScore = score;
    this.index = index;
  }

  /** Whether `last` counts: PaddleDetection takes a negative sum of its numbers for no box. */
  get observed(): boolean {
    return sumOf(this.last) >= 0;
  }

  /** What is given out: the last box that was found, or the filter's before there is one. */
  get current(): Observation {
    if (this.last !== undefined && this.observed) return this.last;
    return { box: this.#box(), score: this.#firstScore };
  }

  /** Moves to the next frame; the box expected there, whose numbers are not finite if its area has become negative. */
  predict(): Box {
    if (this.#velocities[AREA]! + this.#values[AREA]! <= 0) this.#velocities[AREA] = 0;
    for (const [i, p] of this.#covariances.entries()) {
      this.#values[i]! += this.#velocities[i]!;
      const [own, across, back, ofVelocity] = p as [number, number, number, number];
      if (i > AREA) p[0] = own + STEP;
      else {
        p[0] = own + back + (across + ofVelocity) + STEP;
        p[1] = across + ofVelocity;
        p[2] = back + ofVelocity;
        p[3] = ofVelocity + VELOCITY_STEPS[i]!;
      }
    }
    this.#age++;
    if (this.unseen > 0) this.streak = 0;
    this.unseen++;
    return this.#box();
  }

  /** It was found. `withDirection`: its direction is measured from the box found `deltaT` frames ago. */
  follow({ box, score, index }: FrameBox, withDirection: boolean): void {
    if (withDirection && this.last !== undefined && this.observed) {
      this.velocity = directionBetween((this.#seenBefore() ?? this.last).box, box);
    }
    this.last = { box, score };
    this.index = index;
    this.#seen.set(this.#age, this.last);
    for (const age of this.#seen.keys()) if (age < this.#age - this.deltaT) this.#seen.delete(age);
    this.unseen = 0;
    this.streak++;
    this.#correct(measure(box));
  }

  /** The box from which the direction to a detection is measured. */
  get reference(): Observation | undefined {
    return this.#seenBefore() ?? this.last;
  }

  #seenBefore(): Observation | undefined {
    for (let frames = this.deltaT; frames > 0; frames--) {
      const seen = this.#seen.get(this.#age - frames);
      if (seen !== undefined) return seen;
    }
    return undefined;
  }

  #correct(measured: readonly number[]): void {
    for (const [i, p] of this.#covariances.entries()) {
      const [own, across, back, ofVelocity] = p as [number, number, number, number];
      const noise = MEASURED[i]!;
      const inverse = 1 / (own + noise);
      const gain = own * inverse;
      const velocityGain = back * inverse;
      const difference = measured[i]! - this.#values[i]!;
      this.#values[i]! += gain * difference;
      this.#velocities[i]! += velocityGain * difference;
      // (I − KH) P (I − KH)ᵀ + K R Kᵀ
      const rest = 1 - gain;
      const [left, top] = [rest * own, rest * across];
      const [low, right] = [back - velocityGain * own, ofVelocity - velocityGain * across];
      p[0] = left * rest + gain * noise * gain;
      p[1] = top - left * velocityGain + gain * noise * velocityGain;
      p[2] = low * rest + velocityGain * noise * gain;
      p[3] = right - low * velocityGain + velocityGain * noise * velocityGain;
    }
  }

  #box(): Box {
    const [x, y, area, aspect] = this.#values as [number, number, number, number];
    const width = Math.sqrt(area * aspect);
    const height = area / width;
    return [x - width / 2, y - height / 2, x + width / 2, y + height / 2];
  }
}

/** Centre, area and aspect ratio of a box, in single precision. */
function measure([x1, y1, x2, y2]: Box): number[] {
  const width = fround(x2 - x1);
  const height = fround(y2 - y1);
  const aspect = fround(width / fround(height + fround(1e-6)));
  return [fround(x1 + fround(width / 2)), fround(y1 + fround(height / 2)), fround(width * height), aspect];
}

function sumOf(observation: Observation | undefined): number {
  if (observation === undefined) return -5;
  return [...observation.box, observation.score].reduce((sum, value) => fround(sum + value), 0);
}

/** The direction from the centre of one box to that of another, of length 1. */
export function directionBetween(from: Box, to: Box): Direction {
  const y = fround(centre(to[1], to[3]) - centre(from[1], from[3]));
  const x = fround(centre(to[0], to[2]) - centre(from[0], from[2]));
  const length = fround(fround(Math.sqrt(fround(fround(y * y) + fround(x * x)))) + fround(1e-6));
  return [fround(y / length), fround(x / length)];
}

function centre(start: number, end: number): number {
  return fround(fround(start + end) / 2);
}
