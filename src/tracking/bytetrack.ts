import { fraction, integer, number, type OptionChecks, readOptions } from '../options';
import type { Detection } from '../results';
import { type Found, type FrameBox, readFrame, trackedObjects } from './frame-boxes';
import type { TrackedObject, Tracker } from './tracker';
import { TwoStage, type TwoStageSettings } from './two-stage';

/** Options of ByteTrack; names and defaults are those of PaddleDetection's `JDETracker` in its tracking script. */
export interface ByteTrackOptions {
  /** Detections with a score above are of high score; 0.6 by default. New objects need 0.1 more. */
  readonly confThres?: number;
  /** Detections with a score above, up to `confThres`, only continue objects; 0.1 by default. */
  readonly lowConfThres?: number;
  /** The largest 1 − IoU at which a detection continues an object; 0.9 by default. */
  readonly matchThres?: number;
  /** The same for objects seen once; 0.7 by default. */
  readonly unconfirmedThresh?: number;
  /**
   * For so many frames a lost object may be found again; 0 by default, as in PaddleDetection's deployment script. Its
   * `tools/infer_mot.py` takes 30 at 30 frames per second.
   */
  readonly maxTimeLost?: number;
  /** Objects of this area or less are not given out; 0 by default. */
  readonly minBoxArea?: number;
  /** Objects with a larger width / height are not given out; 0, by default: all are. 1.6 is usual for pedestrians. */
  readonly verticalRatio?: number;
}

const checks = {
  confThres: fraction,
  lowConfThres: fraction,
  matchThres: fraction,
  unconfirmedThresh: fraction,
  maxTimeLost: integer(0),
  minBoxArea: number(0, Number.MAX_VALUE),
  verticalRatio: number(0, Number.MAX_VALUE),
} satisfies OptionChecks<ByteTrackOptions>;

/** ByteTrack: each class is tracked by itself. */
export class ByteTracker implements Tracker {
  readonly name = 'bytetrack';
  readonly #options: Required<ByteTrackOptions>;
  readonly #settings: TwoStageSettings;
  #classes = new Map<number, TwoStage>();
  #frame = 0;

  constructor(options: ByteTrackOptions) {
    const given = readOptions<ByteTrackOptions>('createTracker', options, checks);
    const { confThres = 0.6, lowConfThres = 0.1, matchThres = 0.9, unconfirmedThresh = 0.7 } = given;
    const { maxTimeLost = 0, minBoxArea = 0, verticalRatio = 0 } = given;
    this.#options = { confThres, lowConfThres, matchThres, unconfirmedThresh, maxTimeLost, minBoxArea, verticalRatio };
    this.#settings = {
      highDistance: matchThres,
      lowDistance: 0.4,
      unconfirmedDistance: unconfirmedThresh,
      newScore: confThres + 0.1,
      maxTimeLost,
      givesUnconfirmed: false,
    };
  }

  update<D extends Detection>(detections: readonly D[]): TrackedObject<D>[] {
    const boxes = readFrame(detections);
    this.#frame++;
    for (const { classId } of boxes) {
      if (!this.#classes.has(classId)) this.#classes.set(classId, new TwoStage(this.#settings));
    }
    const found = [...this.#classes]
      .sort(([a], [b]) => a - b)
      .flatMap(([classId, tracks]) =>
        this.#track(
          tracks,
          boxes.filter((box) => box.classId === classId),
        ),
      );
    return trackedObjects(found, detections, this.#options);
  }

  #track(tracks: TwoStage, boxes: readonly FrameBox[]): Found[] {
    const limit = Math.fround(this.#options.confThres);
    const lowLimit = Math.fround(this.#options.lowConfThres);
    const high = boxes.filter(({ score }) => score > limit);
    const low = boxes.filter(({ score }) => score > lowLimit && score < limit);
    return tracks.update(high, low, this.#frame);
  }

  reset(): void {
    this.#classes = new Map();
    this.#frame = 0;
  }
}
