import { expect, test } from 'vitest';
import { newestOf } from '../../src/video/sources/newest-item';

/** A source of the items passed to it. */
class Feed {
  private readonly items: number[] = [];
  private wake: () => void = () => undefined;
  private end: 'open' | 'ended' | 'broken' = 'open';

  async put(...items: number[]): Promise<void> {
    this.items.push(...items);
    this.wake();
    await new Promise((resolve) => setImmediate(resolve));
  }

  async close(end: 'ended' | 'broken'): Promise<void> {
    this.end = end;
    await this.put();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<number, void, undefined> {
    while (true) {
      const item = this.items.shift();
      if (item !== undefined) yield item;
      else if (this.end === 'broken') throw new Error('unplugged');
      else if (this.end === 'ended') return;
      else {
        await new Promise<void>((resolve) => {
          this.wake = resolve;
        });
      }
    }
  }
}

test('a consumer gets the newest item, and the others are reported as dropped', async () => {
  const feed = new Feed();
  let gone = 0;
  const latest = newestOf(feed, () => gone++);
  const first = latest.next();
  await feed.put(1);
  expect(await first).toEqual({ done: false, value: 1 });
  await feed.put(2, 3, 4, 5);
  expect(await latest.next()).toEqual({ done: false, value: 5 });
  expect(gone).toBe(3);
  await feed.put(6);
  await feed.close('ended');
  expect(await latest.next()).toEqual({ done: false, value: 6 });
  expect(await latest.next()).toEqual({ done: true, value: undefined });
});

test('an error of the source is thrown after the preceding items', async () => {
  const feed = new Feed();
  const latest = newestOf(feed, () => undefined);
  const first = latest.next();
  await feed.put(1);
  await first;
  await feed.put(2);
  await feed.close('broken');
  expect(await latest.next()).toEqual({ done: false, value: 2 });
  await expect(latest.next()).rejects.toThrow('unplugged');
});
