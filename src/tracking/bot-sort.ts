import { PaddleLabError } from '../errors';
import { boolean, fraction, integer, number, type OptionChecks, readOptions } from '../options';
import type { Detection } from '../results';
import { readFrame, trackedObjects } from './frame-boxes';
import type { TrackedObject, Tracker } from './tracker';
import { TwoStage, type TwoStageSettings } from './two-stage';

/** Options of BoT-SORT; names and defaults are those of PaddleDetection's `BOTSORTTracker`. */
export interface BotSortOptions {
  /** Detections with a score above are of high score; 0.3 by default. */
  readonly trackHighThresh?: number;
  /** Detections with a score above, up to `trackHighThresh`, only continue objects; 0.2 by default. */
  readonly trackLowThresh?: number;
  /** The least score with which a new object begins; 0.4 by default. */
  readonly newTrackThresh?: number;
  /** The largest 1 − IoU at which a detection continues an object; 0.7 by default. */
  readonly matchThresh?: number;
  /** For so many frames of a video with 30 frames per second a lost object may be found again; 30 by default. */
  readonly trackBuffer?: number;
  /** Frames per second; 30 by default. It scales `trackBuffer`. */
  readonly frameRate?: number;
  /** Objects of this area or less are not given out; 0 by default. */
  readonly minBoxArea?: number;
  /**
   * Off by default, as in PaddleDetection. `true` is refused: the movement of the camera is measured by OpenCV's optical
   * flow and a random choice of points, whose numbers can't be had without OpenCV.
   */
  readonly cameraMotion?: boolean;
}

const checks = {
  trackHighThresh: fraction,
  trackLowThresh: fraction,
  newTrackThresh: fraction,
  matchThresh: fraction,
  trackBuffer: integer(0),
  frameRate: number(0.001, 10_000),
  minBoxArea: number(0, Number.MAX_VALUE),
  cameraMotion: boolean,
} satisfies OptionChecks<BotSortOptions>;

/** BoT-SORT without camera motion: all classes are tracked together. */
export class BotSortTracker implements Tracker {
  readonly name = 'bot-sort';
  readonly #highLimit: number;
  readonly #lowLimit: number;
  readonly #minBoxArea: number;
  readonly #settings: TwoStageSettings;
  #tracks: TwoStage;
  #frame = 0;

  constructor(options: BotSortOptions) {
    const given = readOptions<BotSortOptions>('createTracker', options, checks);
    if (given.cameraMotion) {
      throw new PaddleLabError(
        'INVALID_ARGUMENT',
        'Expected false for cameraMotion but received true (boolean): it needs OpenCV’s optical flow, which this package ' +
          'does not have. For a moving camera raise matchThresh',
      );
    }
    const { trackHighThresh = 0.3, trackLowThresh = 0.2, newTrackThresh = 0.4, matchThresh = 0.7 } = given;
    const { trackBuffer = 30, frameRate = 30, minBoxArea = 0 } = given;
    this.#highLimit = Math.fround(trackHighThresh);
    this.#lowLimit = Math.fround(trackLowThresh);
    this.#minBoxArea = minBoxArea;
    this.#settings = {
      highDistance: matchThresh,
      lowDistance: 0.5,
      unconfirmedDistance: 0.7,
      newScore: newTrackThresh,
      maxTimeLost: Math.trunc((frameRate / 30) * trackBuffer),
      givesUnconfirmed: true,
    };
    this.#tracks = new TwoStage(this.#settings);
  }

  update<D extends Detection>(detections: readonly D[]): TrackedObject<D>[] {
    const boxes = readFrame(detections).filter(({ score }) => score > this.#lowLimit);
    this.#frame++;
    const high = boxes.filter(({ score }) => score > this.#highLimit);
    const low = boxes.filter(({ score }) => score < this.#highLimit);
    const found = this.#tracks.update(high, low, this.#frame);
    return trackedObjects(found, detections, { minBoxArea: this.#minBoxArea, verticalRatio: 0 });
  }

  reset(): void {
    this.#tracks = new TwoStage(this.#settings);
    this.#frame = 0;
  }
}
