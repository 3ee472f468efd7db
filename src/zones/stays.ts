import type { FollowedObject } from '../objects/followed-object';
import type { FrameClock } from './zone-options';

/** How long an object was in a polygon without leaving it. */
export interface ZoneStay {
  /** The object's id, and its class when it was seen last. */
  readonly id: number;
  readonly classId: number;
  readonly label: string;
  /** First and last frame in which it was seen inside, from 1, and how many these are with those between. */
  readonly from: number;
  readonly to: number;
  readonly frames: number;
  /** From the first of these frames to the last; absent if their times are not known. */
  readonly seconds?: number;
  /** Whether it was seen leaving; an object that vanishes inside is not. */
  readonly left: boolean;
}

interface OpenStay {
  readonly id: number;
  object: FollowedObject;
  readonly from: number;
  to: number;
  readonly start: number | undefined;
  end: number | undefined;
  left: boolean;
}

/** All stays in a zone, in the order in which they began. */
export class Stays {
  private readonly all: OpenStay[] = [];
  private readonly open = new Map<string, OpenStay>();
  /** Frames of objects that may be entering: when they were first seen inside. */
  private readonly entering = new Map<string, { readonly frame: number; readonly seconds: number | undefined }>();

  /** An object is seen inside, although it may not count as inside yet. */
  seenInside(key: string, object: FollowedObject, { frame, seconds }: FrameClock): void {
    const stay = this.open.get(key);
    if (stay === undefined) {
      if (!this.entering.has(key)) this.entering.set(key, { frame, seconds });
      return;
    }
    stay.object = object;
    stay.to = frame;
    stay.end = seconds;
  }

  seenOutside(key: string): void {
    this.entering.delete(key);
  }

  begin(key: string, id: number, object: FollowedObject, { frame, seconds }: FrameClock): void {
    const first = this.entering.get(key) ?? { frame, seconds };
    const stay = { id, object, from: first.frame, to: frame, start: first.seconds, end: seconds, left: false };
    this.entering.delete(key);
    this.open.set(key, stay);
    this.all.push(stay);
  }

  end(key: string): ZoneStay {
    const stay = this.open.get(key) as OpenStay;
    stay.left = true;
    this.open.delete(key);
    return shown(stay);
  }

  get list(): ZoneStay[] {
    return this.all.map(shown);
  }

  clear(): void {
    this.all.length = 0;
    this.open.clear();
    this.entering.clear();
  }
}

function shown({ id, object: { classId, label }, from, to, start, end, left }: OpenStay): ZoneStay {
  const seconds = start === undefined || end === undefined ? {} : { seconds: end - start };
  return { id, classId, label: label ?? `class ${classId}`, from, to, frames: to - from + 1, ...seconds, left };
}
