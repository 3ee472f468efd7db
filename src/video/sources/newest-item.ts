/**
 * Reads a source at full speed and yields only the newest item, so that a slow consumer never queues more than one.
 * Leaving the loop does not end the source.
 *
 * @param onDropped called for each item that was replaced by a newer one
 */
export async function* newestOf<T>(
  source: AsyncIterable<T>,
  onDropped: () => void,
): AsyncGenerator<T, void, undefined> {
  let newest: { readonly item: T } | undefined;
  let ended = false;
  let wake: () => void = () => undefined;
  const reading = (async () => {
    try {
      for await (const item of source) {
        if (newest !== undefined) onDropped();
        newest = { item };
        wake();
      }
    } finally {
      ended = true;
      wake();
    }
  })();
  // Its error is thrown below, after the preceding item.
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
