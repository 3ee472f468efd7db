import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { acquireLock } from '../../src/processes/lock';

test('one holder at a time; a waiting one gets it next', async () => {
  const name = randomUUID();
  const first = await acquireLock(name);
  const order: string[] = [];
  let waits = 0;
  await new Promise<void>((resolve, reject) => {
    const onWait = (): void => {
      waits++;
      order.push('wait');
      first.release();
    };
    acquireLock(name, { onWait }).then((second) => {
      order.push('second');
      second.release();
      resolve();
    }, reject);
  });
  expect(order).toEqual(['wait', 'second']);
  expect(waits).toBe(1);
});

test('waiting can be cancelled', async () => {
  const name = randomUUID();
  const held = await acquireLock(name);
  const controller = new AbortController();
  const waiting = acquireLock(name, { signal: controller.signal, onWait: () => controller.abort() });
  await expect(waiting).rejects.toMatchObject({ code: 'ABORTED' });
  held.release();
});
