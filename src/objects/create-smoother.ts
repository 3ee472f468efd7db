import { boolean, integer, type OptionChecks, readOptions } from '../options';
import type { Box, Detection } from '../results';
import { checkObjects } from './check-objects';
import { type FollowedObject, followObjects } from './followed-object';

/** Options of `createSmoother`. */
export interface SmootherOptions {
  /** Over how many frames boxes and scores are averaged, 5 by default. */
  readonly frames?: number;
  /** Whether each class has ids of its own, as ByteTrack gives them; false by default. */
  readonly idsPerClass?: boolean;
}

const checks = { frames: integer(1), idsPerClass: boolean } satisfies OptionChecks<SmootherOptions>;

/** Keeps the boxes of tracked objects from trembling; made by `createSmoother`. */
export interface Smoother {
  /**
   * Takes the objects of the next frame and gives the same with the means of their boxes and scores. Objects without an id
   * stay as they are.
   *
   * @throws PaddleLabError INVALID_ARGUMENT
   */
  update<D extends Detection & FollowedObject>(objects: readonly D[]): D[];
  /** Forgets all objects, for the start of another video. */
  reset(): void;
}

interface Sample {
  readonly frame: number;
  readonly box: Box;
  readonly score: number;
}

/**
 * Averages the boxes and scores of tracked objects over their last frames, as supervision's `DetectionsSmoother` does.
 *
 * @throws PaddleLabError INVALID_ARGUMENT, UNKNOWN_OPTION
 *
 * @example
 * import { createSmoother, createTracker, predictStream } from 'paddlelab';
 * const [tracker, smoother] = [createTracker('oc-sort'), createSmoother({ frames: 3 })];
 * for await (const { detections } of predictStream(model, ['shapes.png', 'shapes.png'])) {
 *   console.log(smoother.update(tracker.update(detections)).length);
 * }
 */
export function createSmoother(options: SmootherOptions = {}): Smoother {
  const { frames = 5, idsPerClass = false } = readOptions<SmootherOptions>('createSmoother', options, checks);
  const samples = new Map<string, Sample[]>();
  let frame = 0;
  return {
    update<D extends Detection & FollowedObject>(objects: readonly D[]): D[] {
      checkObjects(objects);
      const keys = new Map(followObjects(objects, idsPerClass).map(({ object, key }) => [object, key]));
      frame++;
      for (const [key, own] of samples) {
        const recent = own.filter((sample) => sample.frame > frame - frames);
        if (recent.length === 0) samples.delete(key);
        else samples.set(key, recent);
      }
      return objects.map((object) => {
        const key = keys.get(object);
        if (key === undefined) return object;
        const own = [...(samples.get(key) ?? []), { frame, box: object.box, score: object.score }];
        samples.set(key, own);
        return { ...object, ...meanOf(own) };
      });
    },
    reset(): void {
      samples.clear();
      frame = 0;
    },
  };
}

function meanOf(samples: readonly Sample[]): { readonly box: Box; readonly score: number } {
  const mean = (pick: (sample: Sample) => number) => samples.reduce((sum, one) => sum + pick(one), 0) / samples.length;
  const side = (at: 0 | 1 | 2 | 3) => mean(({ box }) => box[at]);
  return { box: [side(0), side(1), side(2), side(3)], score: mean(({ score }) => score) };
}
