import { setImmediate } from 'node:timers/promises';

/** How long work may hold the event loop before others get their turn. */
const longest = 15;

/** Called between steps of long work: lets others run if it has been a while. */
export function pauses(): () => Promise<void> {
  let since = performance.now();
  return async () => {
    if (performance.now() - since < longest) return;
    await setImmediate();
    since = performance.now();
  };
}
