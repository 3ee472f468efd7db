/**
 * Takes everything as fast as it comes, and gives the newest when one is asked for: at most one waits, however slow the
 * asker is. The source ends when it is told to, not when the loop is left.
 *
 * @param onPassedOver is told of each that made room for a newer one
 */
export async function* latestOf<T>(
  source: AsyncIterable<T>,
  onPassedOver: () => void,
): AsyncGenerator<T, void, undefined> {
  let newest: { readonly item: T } | undefined;
  let ended = false;
  let wake: () => void = () => undefined;
  const reading = (async () => {
    try {
      for await (const item of source) {
        if (newest !== undefined) onPassedOver();
        newest = { item };
        wake();
      }
    } finally {
      ended = true;
      wake();
    }
  })();
  // What it fails with is thrown below, once what came before is taken.
  reading.catch(() => undefined);
  while (newest !== undefined || !ended) {
    if (newest === undefined) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
      continue;
    }
    const { item } = newest;
    newest = undefined;
    yield item;
  }
  await reading;
}
