import timers from 'node:timers';

/** Keeps track of whose code runs. */
export interface Tracker<T> {
  current(): T | undefined;
  /** From now on, code of this owner runs. */
  enter(owner: T | undefined): void;
  /** What a timer has started is over; who runs code by himself is at it again. */
  leave(): void;
}

type Callback = (...args: unknown[]) => unknown;
type Starter = ((callback: Callback, ...rest: unknown[]) => unknown) & object;

/** What is reached into of Node's immediates, to mend their queue. */
interface ImmediateInternals {
  _destroyed: boolean;
  _onImmediate: (() => void) | null;
  _idleNext: object | null;
  _idlePrev: object | null;
}

const unfollowedImmediate = timers.setImmediate;

/** The immediate whose callback began last. */
let running: ImmediateInternals | undefined;

/**
 * Makes timers and immediates run as code of whoever has set them, together with the promises that they settle.
 *
 * Node's own means for this, async hooks, makes the process abort when V8 ends a cell by force, which interrupts need.
 */
export function followTimers<T>(tracker: Tracker<T>): void {
  const { setImmediate } = timers;
  for (const name of ['setTimeout', 'setInterval', 'setImmediate'] as const) {
    const start = timers[name] as unknown as Starter;
    const followed = (callback: unknown, ...rest: unknown[]): unknown => {
      if (typeof callback !== 'function') return start(callback as Callback, ...rest);
      const owner = tracker.current();
      const handle = start(
        function (this: unknown, ...args: unknown[]): unknown {
          if (name === 'setImmediate') running = handle as ImmediateInternals;
          tracker.enter(owner);
          // Not before the promises that it settles have been heard.
          setImmediate(() => tracker.leave());
          return callback.apply(this, args);
        },
        ...rest,
      );
      return handle;
    };
    // What `util.promisify` looks for, among others.
    Object.defineProperties(followed, Object.getOwnPropertyDescriptors(start));
    (timers as unknown as Record<string, unknown>)[name] = followed;
    (globalThis as unknown as Record<string, unknown>)[name] = followed;
  }
}

/**
 * Mends the queue of immediates, if that is what an error complains about. An immediate that V8 has ended by force
 * stays at the head of the queue as one that is done with, and Node would stumble over it for ever.
 */
export function mendImmediates(error: unknown): boolean {
  if (!(error instanceof TypeError) || !error.message.includes("(reading '_idleNext')") || !running?._destroyed)
    return false;
  running._destroyed = false;
  running._onImmediate = () => {};
  countOneImmediateMore();
  return true;
}

/**
 * Node counts down for the mended immediate a second time, and runs no immediates at all while its count is 0. One that
 * is taken out of the queue between two others, without Node's knowing, has been counted and never runs.
 */
function countOneImmediateMore(): void {
  const idle = (): void => {};
  const [before, counted, after] = [idle, idle, idle].map((callback) => unfollowedImmediate(callback)) as [
    NodeJS.Immediate,
    NodeJS.Immediate,
    NodeJS.Immediate,
  ];
  counted.unref();
  (before as unknown as ImmediateInternals)._idleNext = after;
  (after as unknown as ImmediateInternals)._idlePrev = before;
}
