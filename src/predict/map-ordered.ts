/**
 * Works on the items of an iterable, up to `limit` at once, and yields the answers in the items' order. An item is taken
 * only when there is room for it, and an answer is yielded as soon as it is due, also while the next item is waited for.
 * What fails is thrown when its turn comes; leaving the loop ends the iterable and waits for the work under way.
 *
 * @param ending aborted before that wait, for work that can be ended
 */
export async function* mapOrdered<I, O>(
  items: Iterable<I> | AsyncIterable<I>,
  limit: number,
  work: (item: I) => Promise<O>,
  ending?: AbortController,
): AsyncGenerator<O, void, undefined> {
  const iterator = iteratorOf(items);
  const running: Promise<O>[] = [];
  let coming: Promise<IteratorResult<I>> | undefined;
  let ended = false;
  try {
    while (true) {
      if (!ended && coming === undefined && running.length < limit) coming = take(iterator);
      const [first] = running;
      if (first === undefined && coming === undefined) return;
      if (coming !== undefined && (await comesFirst(coming, first))) {
        const next = await coming;
        coming = undefined;
        if (next.done) ended = true;
        else running.push(quiet(work(next.value)));
      } else {
        yield await (first as Promise<O>);
        running.shift();
      }
    }
  } finally {
    ending?.abort();
    // An item that is still waited for, such as a camera's next frame, may never come.
    const closed = ended ? undefined : iterator.return?.();
    if (coming === undefined) await closed;
    await Promise.allSettled(running);
  }
}

function iteratorOf<I>(items: Iterable<I> | AsyncIterable<I>): Iterator<I> | AsyncIterator<I> {
  return Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
}

function take<I>(iterator: Iterator<I> | AsyncIterator<I>): Promise<IteratorResult<I>> {
  return quiet((async () => iterator.next())());
}

/** Whether the next item is there before the oldest answer is; of two that are there the item goes first, to be worked on. */
async function comesFirst(coming: Promise<unknown>, answer: Promise<unknown> | undefined): Promise<boolean> {
  if (answer === undefined) return true;
  const settled = (promise: Promise<unknown>, value: boolean) =>
    promise.then(
      () => value,
      () => value,
    );
  return Promise.race([settled(coming, true), settled(answer, false)]);
}

/** A failure is thrown where the promise is awaited; until then it must not count as unhandled. */
function quiet<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}
