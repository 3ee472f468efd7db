import { abortError } from '../validate';

/**
 * Runs native work that a signal may give up: the promise rejects at once, and work that still waits in the queue is
 * skipped there. Work that has begun goes on, and its result is dropped.
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
