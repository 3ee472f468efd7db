import timers from 'node:timers';
import type { SharedState } from './thread-messages';

/** So many ticks without a turn of the event loop count as endless. */
const MANY = 1000;

const unwatchedImmediate = timers.setImmediate;

/**
 * Lets an interrupt end ticks that schedule further ticks. V8 terminates the running tick, but its successor is usually
 * in Node's queue already. While terminations do not help, ticks beyond the limit are dropped.
 */
export function limitTicks(state: SharedState): void {
  const { nextTick } = process;
  let ticksOfThisTurn = 0;
  process.nextTick = (callback, ...args): void => {
    ticksOfThisTurn += 1;
    if (ticksOfThisTurn === MANY) {
      unwatchedImmediate(() => {
        ticksOfThisTurn = 0;
      });
    }
    if (ticksOfThisTurn > MANY && state.starved) return;
    nextTick.call(process, callback, ...args);
  };
}
