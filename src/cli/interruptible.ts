import { PaddleLabError } from '../errors';

/** The message for a command that was cancelled before it did anything. */
export const nothingDone = 'Nothing was done yet; run the same command to start it.';

/**
 * Runs work that Ctrl-C or a closed terminal cancels cleanly; a second Ctrl-C ends the process at once.
 *
 * @param outcome describes what was kept of the cancelled work, and how to continue
 * @throws PaddleLabError ABORTED, with the outcome as its message
 */
export async function interruptible<T>(
  work: (signal: AbortSignal) => Promise<T>,
  outcome: () => string = () => nothingDone,
): Promise<T> {
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort();
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const name of signals) process.on(name, stop);
  try {
    return await work(controller.signal);
  } catch (error) {
    if (!(error instanceof PaddleLabError) || error.code !== 'ABORTED') throw error;
    throw new PaddleLabError('ABORTED', outcome(), { cause: error });
  } finally {
    for (const name of signals) process.off(name, stop);
  }
}
