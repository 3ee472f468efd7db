import timers from 'node:timers';
import type { SharedState } from './thread-messages';

/** As many ticks without a turn of the event loop are no work that will be done soon. */
const MANY = 1000;

const unwatchedImmediate = timers.setImmediate;

/**
 * Lets an interrupt end ticks that make ticks. V8 ends the tick that runs, but mostly one that has its successor in
 * Node's queue already; while force is of no use, no tick is taken any more that comes after very many others.
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
