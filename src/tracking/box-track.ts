import type { Box } from '../results';
import { BoxFilter } from './box-filter';
import type { FrameBox } from './frame-boxes';
import { pixelDistances } from './overlaps';

/** An object that ByteTrack or BoT-SORT follows. */
export class BoxTrack {
  state: 'tracked' | 'lost' | 'removed' = 'tracked';
  score: number;
  /** The last frame in which it was found. */
  frame: number;
  /** The place of its detection in that frame. */
  index: number;
  /** False while it was only seen once, unless in the first frame. */
  confirmed: boolean;
  readonly startFrame: number;
  readonly #filter: BoxFilter;

  constructor(
    readonly id: number,
    { box, score, index }: FrameBox,
    frame: number,
  ) {
    this.#filter = new BoxFilter(box);
    this.score = score;
    this.index = index;
    this.confirmed = frame === 1;
    this.frame = frame;
    this.startFrame = frame;
  }

  get box(): Box {
    return this.#filter.box;
  }

  predict(): void {
    this.#filter.predict(this.state !== 'tracked');
  }

  /** It was found again. The score of an object that was lost stays that of before, as in PaddleDetection. */
  follow({ box, score, index }: FrameBox, frame: number): void {
    this.#filter.correct(box);
    if (this.state === 'tracked') this.score = score;
    this.state = 'tracked';
    this.confirmed = true;
    this.frame = frame;
    this.index = index;
  }
}

/** All of `first`, and those of `second` with other ids. */
export function joinTracks(first: readonly BoxTrack[], second: readonly BoxTrack[]): BoxTrack[] {
  const known = new Set(first.map(({ id }) => id));
  const joined = [...first];
  for (const track of second) {
    if (known.has(track.id)) continue;
    known.add(track.id);
    joined.push(track);
  }
  return joined;
}

/** Of a tracked and a lost object in the same place, the one that was followed longer stays. */
export function dropDoubles(
  tracked: readonly BoxTrack[],
  lost: readonly BoxTrack[],
): { tracked: BoxTrack[]; lost: BoxTrack[] } {
  const distances = pixelDistances(boxesOf(tracked), boxesOf(lost));
  const dropped = new Set<BoxTrack>();
  for (const [r, a] of tracked.entries()) {
    for (const [c, b] of lost.entries()) {
      if (!(distances.values[r * lost.length + c]! < Math.fround(0.15))) continue;
      dropped.add(a.frame - a.startFrame > b.frame - b.startFrame ? b : a);
    }
  }
  return { tracked: tracked.filter((track) => !dropped.has(track)), lost: lost.filter((track) => !dropped.has(track)) };
}

export function boxesOf(tracks: readonly { readonly box: Box }[]): Box[] {
  return tracks.map(({ box }) => box);
}
