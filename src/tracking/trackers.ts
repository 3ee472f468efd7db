import { type BotSortOptions, BotSortTracker } from './bot-sort';
import { ByteTracker, type ByteTrackOptions } from './bytetrack';
import { type OcSortOptions, OcSortTracker } from './oc-sort';
import type { Tracker, TrackerName } from './tracker';

/** The options of each tracker. */
export interface TrackerOptions {
  readonly bytetrack: ByteTrackOptions;
  readonly 'oc-sort': OcSortOptions;
  readonly 'bot-sort': BotSortOptions;
}

/** The trackers by name. */
export const trackers: { readonly [N in TrackerName]: (options: TrackerOptions[N]) => Tracker } = {
  bytetrack: (options) => new ByteTracker(options),
  'oc-sort': (options) => new OcSortTracker(options),
  'bot-sort': (options) => new BotSortTracker(options),
};
