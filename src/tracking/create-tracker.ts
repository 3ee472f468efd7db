import { checkOneOf } from '../validate';
import type { Tracker, TrackerName } from './tracker';
import { type TrackerOptions, trackers } from './trackers';

/**
 * Makes a tracker, which gives the objects of a video the same number in all frames. The trackers, their options and their
 * defaults are those of PaddleDetection (`deploy/pptracking`), and give the same numbers.
 *
 * @throws PaddleLabError INVALID_ARGUMENT, UNKNOWN_OPTION
 *
 * @example
 * import { createTracker, predictStream } from 'paddlelab';
 * const tracker = createTracker('bytetrack', { maxTimeLost: 30 });
 * for await (const { detections } of predictStream(model, ['shapes.png', 'shapes.png'])) {
 *   for (const { id, label, box } of tracker.update(detections)) console.log(id, label, box);
 * }
 */
export function createTracker(name: 'bytetrack', options?: TrackerOptions['bytetrack']): Tracker;
export function createTracker(name: 'oc-sort', options?: TrackerOptions['oc-sort']): Tracker;
export function createTracker(name: 'bot-sort', options?: TrackerOptions['bot-sort']): Tracker;
export function createTracker(name: TrackerName, options: object = {}): Tracker {
  checkOneOf('name', name, Object.keys(trackers) as TrackerName[]);
  return (trackers[name] as (given: object) => Tracker)(options);
}
