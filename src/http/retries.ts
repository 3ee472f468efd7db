import { setTimeout as pause } from 'node:timers/promises';
import { abortError } from '../validate';
import { StatusError } from './failures';

/** Number of requests without any progress after which a download fails. */
export const triesWithoutProgress = 4;

/** Whether an error comes from the disk. */
export function isFileError(error: Error): boolean {
  return 'code' in error && String(error.code).startsWith('FILE_');
}

/** Whether it would not help to repeat the request. */
export function isFinal(error: Error & { readonly code?: unknown }): boolean {
  if (error.code === 'ABORTED' || isFileError(error)) return true;
  return error instanceof StatusError && error.status < 500 && error.status !== 408 && error.status !== 429;
}

/** @throws PaddleLabError ABORTED */
export async function wait(ms: number, signal: AbortSignal | undefined): Promise<void> {
  await pause(ms, undefined, { signal }).catch(() => {
    throw abortError(signal);
  });
}

/** Repeats a request while its failure may be over soon. */
export async function retried<T>(
  request: () => Promise<T>,
  { pauseMs, signal }: { readonly pauseMs: number; readonly signal: AbortSignal | undefined },
): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await request();
    } catch (error) {
      if (!(error instanceof Error) || isFinal(error) || tries === triesWithoutProgress) throw error;
    }
    await wait(pauseMs * tries, signal);
  }
}
