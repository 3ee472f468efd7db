import { expect, test } from 'vitest';
import { TransferRate } from '../../src/display/transfer-rate';

/** A clock that a test sets, in seconds. */
function rateAt(): { rate: TransferRate; at: (seconds: number) => void } {
  let now = 0;
  return { rate: new TransferRate(() => now * 1000), at: (seconds) => (now = seconds) };
}

test('the rate and the time left appear once they mean something', () => {
  const { rate, at } = rateAt();
  expect(rate.describe(0, 45e6)).toBe('0 kB of 45 MB');
  at(0.4);
  expect(rate.describe(2e6, 45e6)).toBe('2 MB of 45 MB');
  at(4);
  expect(rate.describe(12e6, 45e6)).toBe('12 MB of 45 MB, 3.0 MB/s, 11 s left');
  at(15);
  expect(rate.describe(45e6, 45e6)).toBe('45 MB of 45 MB, 3.0 MB/s');
});

test('a continued download has the rate of this run', () => {
  const { rate, at } = rateAt();
  rate.describe(1e9, 2e9);
  at(100);
  expect(rate.describe(1.01e9, 2e9)).toBe('1.01 GB of 2.00 GB, 100 kB/s, 2 h 45 min left');
});

test('without a total there is no time left', () => {
  const { rate, at } = rateAt();
  rate.describe(0, 0);
  at(2);
  expect(rate.describe(5e6, 0)).toBe('5 MB, 2.5 MB/s');
});
