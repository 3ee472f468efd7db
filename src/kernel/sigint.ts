import type { EventEmitter } from 'node:events';
import type { SharedState } from './thread-messages';

/** The part of Node's internals that `breakOnSigint` uses: a reference-counted thread that takes SIGINT. */
interface Watchdog {
  startSigintWatchdog(): void;
  /** Whether a signal came while no script ran under `breakOnSigint`. */
  stopSigintWatchdog(): boolean;
}

const POLL_MS = 50;

let watchdog: Watchdog | undefined;
let poll: NodeJS.Timeout | undefined;

/**
 * Makes SIGINT harmless for the kernel, whatever cells do. Node restores the default action, which ends the process,
 * before and after each script under `breakOnSigint`, when the last listener is removed, and after a script that added
 * one. So its watchdog is started here and never stopped, and listeners of cells never change the signal's action: they
 * are called from here.
 */
export function holdSigint(state: SharedState): void {
  watchdog = findWatchdog();
  if (watchdog === undefined) {
    process.on('SIGINT', () => {
      state.signalled = false;
    });
    return;
  }
  watchdog.startSigintWatchdog();
  detachListeners(() => takeSignal(state));
}

/**
 * Takes a signal that ended no script. One that the kernel sent itself is over with that; one from outside is passed on
 * to the listeners of cells.
 */
export function takeSignal(state: SharedState): void {
  if (watchdog === undefined) return;
  // Counted up first: at 0 the default action would be restored.
  watchdog.startSigintWatchdog();
  if (!watchdog.stopSigintWatchdog()) return;
  if (state.signalled) state.signalled = false;
  else callSigintListeners();
}

/** Calls the listeners that cells have added for SIGINT. */
export function callSigintListeners(): void {
  if (watchdog !== undefined) process.emit('SIGINT', 'SIGINT');
}

/** Runs a script under `breakOnSigint` with the listeners for SIGINT in place; Node would remove them meanwhile. */
export function keepingListeners<T>(run: () => T): T {
  if (watchdog === undefined) return run();
  // Node removes them only if it counts any. It does so once, before the script begins.
  process.listenerCount = () => {
    Reflect.deleteProperty(process, 'listenerCount');
    return 0;
  };
  try {
    return run();
  } finally {
    Reflect.deleteProperty(process, 'listenerCount');
  }
}

/** Keeps Node from changing the signal's action when a listener for SIGINT is added or removed. */
function detachListeners(onPoll: () => void): void {
  const emitter: EventEmitter = process;
  for (const event of ['newListener', 'removeListener']) {
    for (const listener of emitter.listeners(event)) {
      emitter.off(event, listener as () => void);
      emitter.on(event, (name: string, ...rest: unknown[]) => {
        if (name !== 'SIGINT') listener.call(process, name, ...rest);
      });
    }
  }
  emitter.on('newListener', (name: string) => {
    if (name === 'SIGINT') poll ??= setInterval(onPoll, POLL_MS).unref();
  });
  emitter.on('removeListener', (name: string) => {
    if (name !== 'SIGINT' || emitter.listenerCount('SIGINT') > 0) return;
    clearInterval(poll);
    poll = undefined;
  });
}

function findWatchdog(): Watchdog | undefined {
  const emit = process.emitWarning;
  // Node warns that this binding is deprecated.
  process.emitWarning = () => {};
  try {
    const found = (process as unknown as { binding(name: string): Partial<Watchdog> }).binding('contextify');
    return typeof found.startSigintWatchdog === 'function' ? (found as Watchdog) : undefined;
  } catch {
    return undefined;
  } finally {
    process.emitWarning = emit;
  }
}
