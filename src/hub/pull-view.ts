import { currentDisplay } from '../display/live-output';
import { type ProgressOutput, progressOutput } from '../display/progress-output';
import { TransferRate } from '../display/transfer-rate';
import { formatSize } from '../text/format';
import type { PullProgress, TriedSource } from './pull-model';

const intervalMs = 200;

const words: Readonly<Record<PullProgress['phase'], string>> = {
  wait: 'waiting for another process that pulls it',
  find: 'looking for it',
  download: 'downloading',
  verify: 'checking the SHA-256',
  unpack: 'unpacking',
};

/** Shows a pull in the running cell or on the terminal, unless it needs no work. */
export class PullView {
  private readonly output: ProgressOutput = progressOutput(intervalMs);
  private phase = '';
  private rate = new TransferRate();
  private shown = Number.NEGATIVE_INFINITY;
  private used = false;

  constructor(private readonly name: string) {}

  update({ phase, source, done, total }: PullProgress): void {
    this.used = true;
    const key = `${phase} ${source}`;
    if (key !== this.phase) {
      this.phase = key;
      this.rate = new TransferRate();
      this.shown = Number.NEGATIVE_INFINITY;
    }
    const text = phase === 'download' ? ` ${this.rate.describe(done, total)}` : '';
    if (performance.now() - this.shown < intervalMs) return;
    this.shown = performance.now();
    const from = source === undefined ? '' : ` (${source})`;
    this.output.show(`${this.name}: ${words[phase]}${text}${from}`);
  }

  /** @param tried the sources that failed before one worked; they are shown nowhere else */
  end(size: number, source: string, tried: readonly TriedSource[]): void {
    if (!this.used) return;
    const reasons = tried.map(({ source: failed, reason }) => `; not from ${failed}: ${reason}`).join('');
    const text = `${this.name}: ${formatSize(size)} from ${source}${reasons}`;
    this.output.end(text);
    // In a notebook the text stays.
    if (reasons === '' || currentDisplay() !== undefined) return;
    process.emitWarning(text, { type: 'PaddleLabWarning', code: 'PADDLELAB_SOURCE' });
  }

  fail(): void {
    if (this.used) this.output.end(`${this.name}: not pulled`);
  }
}
