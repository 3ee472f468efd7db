import { roundTrip } from './box-filter';
import { BoxTrack, boxesOf, dropDoubles, joinTracks } from './box-track';
import type { Found, FrameBox } from './frame-boxes';
import { assignRows } from './linear-assignment';
import { pixelDistances } from './overlaps';

/** What differs between ByteTrack and BoT-SORT; distances are 1 − IoU. */
export interface TwoStageSettings {
  /** The largest distance of an object and a detection of high score. */
  readonly highDistance: number;
  /** The same for detections of low score. */
  readonly lowDistance: number;
  /** The same for objects that were seen once. */
  readonly unconfirmedDistance: number;
  /** The least score with which a new object begins. */
  readonly newScore: number;
  /** For so many frames a lost object may be found again. */
  readonly maxTimeLost: number;
  /** Whether objects that were seen once are given out. */
  readonly givesUnconfirmed: boolean;
}

/**
 * The association that ByteTrack and BoT-SORT share: objects are first matched with detections of high score, those that
 * are left with detections of low score, and objects seen once with what is left of the high ones.
 */
export class TwoStage {
  #tracked: BoxTrack[] = [];
  #lost: BoxTrack[] = [];
  /** Ids of removed objects that are still in a list: PaddleDetection finds some of them again. */
  #removed = new Set<number>();
  #count = 0;

  constructor(readonly settings: TwoStageSettings) {}

  /** @param frame from 1 */
  update(high: readonly FrameBox[], low: readonly FrameBox[], frame: number): Found[] {
    const { highDistance, lowDistance, unconfirmedDistance } = this.settings;
    const unconfirmed = this.#tracked.filter(({ confirmed }) => !confirmed);
    const confirmed = this.#tracked.filter((track) => track.confirmed);
    const pool = joinTracks(confirmed, this.#lost);
    for (const track of pool) track.predict();

    const first = match(pool, high, highDistance);
    const active: BoxTrack[] = [];
    const found: BoxTrack[] = [];
    for (const [track, detection] of first.pairs) {
      (track.state === 'tracked' ? active : found).push(track);
      track.follow(detection, frame);
    }
    const unseen = first.tracks.filter(({ state }) => state === 'tracked');
    const second = match(unseen, low, lowDistance);
    active.push(...followAll(second.pairs, frame));
    for (const track of second.tracks) track.state = 'lost';

    const third = match(unconfirmed, first.detections, unconfirmedDistance);
    active.push(...followAll(third.pairs, frame));
    for (const track of third.tracks) track.state = 'removed';
    for (const detection of third.detections) {
      if (detection.score < Math.fround(this.settings.newScore)) continue;
      active.push(new BoxTrack(++this.#count, detection, frame));
    }
    this.#keep(active, found, second.tracks, third.tracks, frame);
    return this.#tracked
      .filter((track) => this.settings.givesUnconfirmed || track.confirmed)
      .map(({ id, index, score, box }) => ({ id, index, score, box }));
  }

  #keep(
    active: readonly BoxTrack[],
    found: readonly BoxTrack[],
    newlyLost: readonly BoxTrack[],
    newlyRemoved: readonly BoxTrack[],
    frame: number,
  ): void {
    const expired = this.#lost.filter((track) => frame - track.frame > this.settings.maxTimeLost);
    for (const track of expired) track.state = 'removed';
    const stillTracked = this.#tracked.filter(({ state }) => state === 'tracked');
    const tracked = joinTracks(joinTracks(stillTracked, active), found);
    const ids = new Set(tracked.map(({ id }) => id));
    // Those removed in this frame leave the list only in the next one: PaddleDetection can find them until then.
    const lost = [...this.#lost.filter(({ id }) => !ids.has(id)), ...newlyLost].filter(
      ({ id }) => !this.#removed.has(id),
    );
    ({ tracked: this.#tracked, lost: this.#lost } = dropDoubles(tracked, lost));
    const listed = new Set([...this.#tracked, ...this.#lost].map(({ id }) => id));
    const removed = [...this.#removed, ...expired.map(({ id }) => id), ...newlyRemoved.map(({ id }) => id)];
    this.#removed = new Set(removed.filter((id) => listed.has(id)));
  }
}

type Pair = readonly [track: BoxTrack, detection: FrameBox];

function followAll(pairs: readonly Pair[], frame: number): BoxTrack[] {
  for (const [track, detection] of pairs) track.follow(detection, frame);
  return pairs.map(([track]) => track);
}

/** Pairs, and what is left of both, in their order. */
function match(
  tracks: readonly BoxTrack[],
  detections: readonly FrameBox[],
  limit: number,
): { pairs: Pair[]; tracks: BoxTrack[]; detections: FrameBox[] } {
  const boxes = boxesOf(detections).map(roundTrip);
  const columns = assignRows(pixelDistances(boxesOf(tracks), boxes), limit);
  const taken = new Set(columns);
  return {
    pairs: tracks.flatMap((track, row): Pair[] => (columns[row]! < 0 ? [] : [[track, detections[columns[row]!]!]])),
    tracks: tracks.filter((_, row) => columns[row]! < 0),
    detections: detections.filter((_, column) => !taken.has(column)),
  };
}
