import timers from 'node:timers';

type Callback = (...args: unknown[]) => unknown;
type Starter = ((callback: Callback, ...rest: unknown[]) => unknown) & object;

/** What is reached into of Node's immediates, to mend their queue. */
interface ImmediateInternals {
  _destroyed: boolean;
  _onImmediate: (() => void) | null;
  _idleNext: object | null;
  _idlePrev: object | null;
}

const unwatchedImmediate = timers.setImmediate;

/** The immediate whose callback began last. */
let running: ImmediateInternals | undefined;

/** Remembers which immediate runs, for the case that it is ended by force. */
export function watchImmediates(): void {
  const start = unwatchedImmediate as unknown as Starter;
  const watched = (callback: unknown, ...rest: unknown[]): unknown => {
    if (typeof callback !== 'function') return start(callback as Callback, ...rest);
    const handle = start(
      function (this: unknown, ...args: unknown[]): unknown {
        running = handle as ImmediateInternals;
        return callback.apply(this, args);
      },
      ...rest,
    );
    return handle;
  };
  // What `util.promisify` looks for, among others.
  Object.defineProperties(watched, Object.getOwnPropertyDescriptors(start));
  for (const place of [timers, globalThis]) (place as unknown as Record<string, unknown>).setImmediate = watched;
}

/**
 * Mends the queue of immediates, if that is what an error complains about. An immediate that V8 has ended by force
 * stays at the head of the queue as one that is done with, and Node would stumble over it for ever.
 */
export function recoverImmediates(error: unknown): boolean {
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
  const [before, counted, after] = [idle, idle, idle].map((callback) => unwatchedImmediate(callback)) as [
    NodeJS.Immediate,
    NodeJS.Immediate,
    NodeJS.Immediate,
  ];
  counted.unref();
  (before as unknown as ImmediateInternals)._idleNext = after;
  (after as unknown as ImmediateInternals)._idlePrev = before;
}
