import type { Box } from '../results';

const { fround } = Math;

/** Uncertainty relative to the height. */
const POSITION = fround(1 / 20);
const TWICE_POSITION = fround(2 / 20);
const VELOCITY = fround(1 / 160);
const ASPECT = 2;
const HEIGHT = 3;

/**
 * The Kalman filter of ByteTrack and BoT-SORT for a box: centre, aspect ratio (width / height) and height, each with a
 * constant velocity. The four never influence each other, so that each has a covariance of 2 × 2 numbers instead of one of
 * 8 × 8 for all. All steps are rounded to single precision, as in PaddleDetection.
 */
export class BoxFilter {
  readonly #values: Float32Array;
  readonly #velocities = new Float32Array(4);
  /** The covariance of each value: with itself, with its velocity, the other way round, of its velocity. */
  readonly #covariances: readonly Float32Array[];

  constructor(box: Box) {
    this.#values = measure(box);
    const height = this.#values[HEIGHT]!;
    this.#covariances = [0, 1, 2, 3].map((i) => {
      const position = i === ASPECT ? 1e-2 : fround(TWICE_POSITION * height);
      const velocity = i === ASPECT ? 1e-5 : fround(fround(10 / 160) * height);
      return Float32Array.of(position * position, 0, 0, velocity * velocity);
    });
  }

  /** The box of now, `[x1, y1, x2, y2]`. */
  get box(): Box {
    const [x, y, aspect, height] = this.#values as unknown as Box;
    const width = fround(aspect * height);
    const left = fround(x - fround(width / 2));
    const top = fround(y - fround(height / 2));
    return [left, top, fround(left + width), fround(top + height)];
  }

  /** Moves to the next frame; `still`: the object was not seen in the frame before, and keeps its height. */
  predict(still: boolean): void {
    if (still) this.#velocities[HEIGHT] = 0;
    const height = this.#values[HEIGHT]!;
    for (const [i, p] of this.#covariances.entries()) {
      const position = i === ASPECT ? fround(1e-2) : fround(POSITION * height);
      const velocity = i === ASPECT ? fround(1e-5) : fround(VELOCITY * height);
      this.#values[i]! += this.#velocities[i]!;
      const [own, across, back, ofVelocity] = p as unknown as Box;
      p[1] = fround(across + ofVelocity);
      p[2] = fround(back + ofVelocity);
      p[0] = fround(fround(fround(own + back) + p[1]) + fround(position * position));
      p[3] = fround(ofVelocity + fround(velocity * velocity));
    }
  }

  /** Corrects the state by a box that was found. */
  correct(box: Box): void {
    const measured = measure(box);
    const height = this.#values[HEIGHT]!;
    for (const [i, p] of this.#covariances.entries()) {
      const deviation = i === ASPECT ? fround(1e-1) : fround(POSITION * height);
      const variance = fround(p[0]! + fround(deviation * deviation));
      const gain = fround(p[0]! / variance);
      const velocityGain = fround(p[2]! / variance);
      const difference = fround(measured[i]! - this.#values[i]!);
      this.#values[i]! += fround(difference * gain);
      this.#velocities[i]! += fround(difference * velocityGain);
      const scaled = fround(gain * variance);
      const scaledVelocity = fround(velocityGain * variance);
      p[0]! -= fround(scaled * gain);
      p[1]! -= fround(scaled * velocityGain);
      p[2]! -= fround(scaledVelocity * gain);
      p[3]! -= fround(scaledVelocity * velocityGain);
    }
  }
}

/** Centre, aspect ratio and height of a box. */
function measure([x1, y1, x2, y2]: Box): Float32Array {
  const width = fround(x2 - x1);
  const height = fround(y2 - y1);
  return Float32Array.of(x1 + fround(width / 2), y1 + fround(height / 2), width / height, height);
}

/** A detection's box after its way through left, top, width and height in single precision, as PaddleDetection compares it. */
export function roundTrip([x1, y1, x2, y2]: Box): Box {
  return [x1, y1, fround(fround(x2 - x1) + x1), fround(fround(y2 - y1) + y1)];
}
