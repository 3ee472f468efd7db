import timers from 'node:timers';

type Callback = (...args: unknown[]) => unknown;
type Starter = ((callback: Callback, ...rest: unknown[]) => unknown) & object;

/** The internals of Node's immediates that are needed to repair their queue. */
interface ImmediateInternals {
  _destroyed: boolean;
  _onImmediate: (() => void) | null;
  _idleNext: object | null;
  _idlePrev: object | null;
}

const unwatchedImmediate = timers.setImmediate;

/** The immediate whose callback began last. */
let running: ImmediateInternals | undefined;

/** Remembers the running immediate, in case V8 terminates it. */
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
  // Copies the properties, including the one for `util.promisify`.
  Object.defineProperties(watched, Object.getOwnPropertyDescriptors(start));
  for (const place of [timers, globalThis]) (place as unknown as Record<string, unknown>).setImmediate = watched;
}

/**
 * Repairs the queue of immediates, if an error shows that it is broken. An immediate that V8 has terminated stays at
 * the head of the queue although it is marked as done, and Node would throw on it for ever.
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
 * Node decrements its count a second time for the repaired immediate, and runs no immediates at all while the count is
 * 0. To make up for that, a dummy immediate is counted, and then removed from the queue before it can run.
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
