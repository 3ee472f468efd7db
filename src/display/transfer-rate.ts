import { formatSize } from '../text/format';

/** Before this time, a rate says nothing. */
const settlingMs = 500;

/** Describes a transfer as it goes on: how much, how fast, and how long it will take. */
export class TransferRate {
  private started: { readonly at: number; readonly done: number } | undefined;

  /** @param now the clock, in milliseconds */
  constructor(private readonly now: () => number = () => performance.now()) {}

  /**
   * `12 MB of 45 MB, 3.1 MB/s, 11 s left`; the rate is that of this run, without what an earlier one had downloaded.
   *
   * @param total 0 if it is unknown
   */
  describe(done: number, total: number): string {
    this.started ??= { at: this.now(), done };
    const amount = total === 0 ? formatSize(done) : `${formatSize(done)} of ${formatSize(total)}`;
    const ms = this.now() - this.started.at;
    const rate = (done - this.started.done) / (ms / 1000);
    if (ms < settlingMs || !(rate > 0)) return amount;
    const left = total > done ? `, ${formatSeconds((total - done) / rate)} left` : '';
    return `${amount}, ${formatRate(rate)}${left}`;
  }
}

function formatRate(rate: number): string {
  return rate >= 1e6 ? `${(rate / 1e6).toFixed(1)} MB/s` : `${Math.ceil(rate / 1e3)} kB/s`;
}

function formatSeconds(seconds: number): string {
  if (seconds < 60) return `${Math.ceil(seconds)} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.round((seconds % 3600) / 60)} min`;
}
