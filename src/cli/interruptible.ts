import { PaddleLabError } from '../errors';

/** What to say where nothing came of a command. */
export const nothingDone = 'Nothing was done yet; the same command starts it.';

/**
 * Runs work that Ctrl-C and an ending terminal cancel in order; a second Ctrl-C ends the process at once.
 *
 * @param outcome says what became of the work when it was cancelled, and how to go on
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
