import { abortError } from '../validate';

/**
 * Runs native work that a signal can cancel: the promise rejects at once, and work still in the queue is skipped. Work
 * that has begun continues, and its result is dropped.
 */
export function cancelable<T>(
  signal: AbortSignal | undefined,
  start: (cancel: Uint8Array | undefined) => Promise<T>,
): Promise<T> {
  return signal === undefined ? start(undefined) : untilAborted(signal, start);
}

async function untilAborted<T>(signal: AbortSignal, start: (cancel: Uint8Array) => Promise<T>): Promise<T> {
  const cancel = new Uint8Array(1);
  let onAbort: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => {
      cancel[0] = 1;
      reject(abortError(signal));
    };
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([start(cancel), aborted]);
  } finally {
    if (onAbort !== undefined) signal.removeEventListener('abort', onAbort);
  }
}
