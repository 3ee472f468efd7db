import { type Anchor, anchors } from '../objects/anchors';
import { boolean, integer, number, type OptionChecks, readOptions, text } from '../options';
import { invalidArgument } from '../validate';

/** Options of `createZone`. */
export interface ZoneOptions {
  /** Shown with the counts. */
  readonly name?: string;
  /**
   * The points of a box that decide: all of them must be inside, or on one side. By default the four corners for a line,
   * and the bottom centre, where a person stands, for a polygon; both as in supervision.
   */
  readonly anchors?: readonly Anchor[];
  /**
   * How many frames in a row an object must be on the other side before that counts, 1 by default. More keeps boxes that
   * tremble on the boundary from being counted again and again.
   */
  readonly minFrames?: number;
  /** How many pixels beyond the boundary an object must be, 0 by default: the other guard against trembling boxes. */
  readonly margin?: number;
  /** Whether each class has ids of its own, as ByteTrack gives them; false by default: an id is one object, whatever its class. */
  readonly idsPerClass?: boolean;
  /** Frames per second, for times in seconds where `update` is not given the time of each frame. */
  readonly fps?: number;
}

/** Options of a zone's `update`. */
export interface ZoneUpdateOptions {
  /** The time of the frame in seconds from any start, such as `seconds` of `readFrames`. */
  readonly seconds?: number;
}

/** Options of a zone after they were checked. */
export interface ZoneSettings extends Pick<ZoneOptions, 'name' | 'fps'> {
  readonly anchors: readonly Anchor[];
  readonly minFrames: number;
  readonly margin: number;
  readonly idsPerClass: boolean;
}

const checks = {
  name: text,
  anchors,
  minFrames: integer(1),
  margin: number(0, Number.MAX_VALUE),
  idsPerClass: boolean,
  fps: positive,
} satisfies OptionChecks<ZoneOptions>;

const updateChecks = {
  seconds: number(-Number.MAX_VALUE, Number.MAX_VALUE),
} satisfies OptionChecks<ZoneUpdateOptions>;

export function readSettings(options: ZoneOptions, defaultAnchors: readonly Anchor[]): ZoneSettings {
  const given = readOptions<ZoneOptions>('createZone', options, checks);
  return { anchors: defaultAnchors, minFrames: 1, margin: 0, idsPerClass: false, ...defined(given) };
}

function defined(given: ZoneOptions): ZoneOptions {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

function positive(name: string, value: unknown): number {
  if (typeof value === 'number' && value > 0 && Number.isFinite(value)) return value;
  throw invalidArgument(name, 'number > 0', value);
}

/** The frames of a video as a zone sees them: their numbers from 1, and their times where these are known. */
export class FrameClock {
  frame = 0;
  seconds: number | undefined;

  constructor(private readonly fps: number | undefined) {}

  next(options: ZoneUpdateOptions): void {
    const { seconds } = readOptions<ZoneUpdateOptions>('update', options, updateChecks);
    const shown = seconds ?? (this.fps === undefined ? undefined : this.frame / this.fps);
    if (this.frame > 0 && (shown === undefined) !== (this.seconds === undefined)) {
      throw invalidArgument('seconds', 'time for each frame or for none', seconds);
    }
    if (this.seconds !== undefined && shown !== undefined && shown < this.seconds) {
      throw invalidArgument('seconds', `time from ${this.seconds}, which the frame before had,`, seconds);
    }
    this.frame++;
    this.seconds = shown;
  }

  reset(): void {
    this.frame = 0;
    this.seconds = undefined;
  }
}
