import { type Anchor, anchorNames, anchorPoint } from '../objects/anchors';
import { integer, type OptionChecks, oneOf, readOptions } from '../options';
import { invalidArgument } from '../validate';
import type { Scene } from './annotators/annotator';
import type { Point } from './canvas';

/** What is kept of past frames. */
export interface ObjectHistoryOptions {
  /** Number of frames that are kept, an integer ≥ 1; default: all. */
  readonly frames?: number;
  /** The place of an object; default `bottom-center`, where it stands. */
  readonly position?: Anchor;
}

const checks = {
  frames: integer(1),
  position: oneOf(anchorNames),
} satisfies OptionChecks<ObjectHistoryOptions>;

/** Where one object was in a frame. */
export interface PastPlace {
  /** Undefined for an object that is not followed. */
  readonly trackId: number | undefined;
  readonly classId: number;
  readonly point: Point;
}

/**
 * Where objects were in the last frames of a video, for the annotators `trace` and `heatOverTime`. One history may be used by
 * several annotators; each frame is added when it is drawn.
 *
 * @example
 * import { ObjectHistory } from 'paddlelab';
 * const history = new ObjectHistory({ frames: 60 });
 * const annotators = ['box', { kind: 'trace', history }] as const;
 */
export class ObjectHistory {
  readonly #limit: number;
  readonly #position: Anchor;
  #frames: (readonly PastPlace[])[] = [];
  #last: Scene | undefined;

  /** @throws PaddleLabError INVALID_ARGUMENT, UNKNOWN_OPTION */
  constructor(options: ObjectHistoryOptions = {}) {
    const { frames = Number.POSITIVE_INFINITY, position = 'bottom-center' } = readOptions(
      'ObjectHistory',
      options,
      checks,
    );
    this.#limit = frames;
    this.#position = position;
  }

  /** Adds the objects of a frame; the same frame is added once. */
  add(scene: Scene): void {
    if (scene === this.#last) return;
    this.#last = scene;
    this.#frames.push(
      scene.objects.map(({ trackId, classId, box }) => ({ trackId, classId, point: anchorPoint(box, this.#position) })),
    );
    if (this.#frames.length > this.#limit) this.#frames.shift();
  }

  /** The kept frames, oldest first, each with the places of its objects. */
  get frames(): readonly (readonly PastPlace[])[] {
    return this.#frames;
  }

  /** Forgets all frames, for example before another video. */
  clear(): void {
    this.#frames = [];
    this.#last = undefined;
  }
}

/** Checks the option `history` of annotators. */
export function checkHistory(name: string, value: unknown): ObjectHistory {
  if (value instanceof ObjectHistory) return value;
  throw invalidArgument(name, 'ObjectHistory', value);
}
