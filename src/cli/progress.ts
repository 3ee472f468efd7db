import cliProgress from 'cli-progress';
import type { InstallProgress } from '../runtime/fetch';
import { formatSize } from '../text/format';

export interface ProgressView {
  update(progress: InstallProgress): void;
  stop(): void;
}

const WORDS: Record<InstallProgress['phase'], string> = {
  wait: 'Waiting for another install of it to finish',
  find: 'Looking for the wheel',
  download: 'Downloading',
  verify: 'Checking the SHA-256',
  unpack: 'Unpacking',
};

/** Shows an install as bars on a terminal, elsewhere as occasional lines. */
export function createProgress(stream: NodeJS.WriteStream = process.stderr): ProgressView {
  return stream.isTTY ? new BarView(stream) : new LineView(stream);
}

class BarView implements ProgressView {
  private bar: cliProgress.SingleBar | undefined;
  private phase: InstallProgress['phase'] | undefined;

  constructor(private readonly stream: NodeJS.WriteStream) {}

  update(progress: InstallProgress): void {
    if (progress.phase !== this.phase) this.begin(progress);
    this.bar?.update(progress.done, { text: `${formatSize(progress.done)} of ${formatSize(progress.total)}` });
  }

  private begin(progress: InstallProgress): void {
    this.stop();
    this.phase = progress.phase;
    if (progress.total === 0) {
      this.stream.write(`${WORDS[progress.phase]}\n`);
      return;
    }
    const format = `${WORDS[progress.phase].padEnd(11)} {bar} {percentage}% {text}`;
    this.bar = new cliProgress.SingleBar(
      { format, stream: this.stream, barsize: 30, hideCursor: true, gracefulExit: false },
      cliProgress.Presets.shades_classic,
    );
    this.bar.start(progress.total, progress.done, { text: '' });
  }

  stop(): void {
    this.bar?.stop();
    this.bar = undefined;
  }
}

/** One line per 10 %, so that a log stays short. */
const STEP = 0.1;

class LineView implements ProgressView {
  private phase: InstallProgress['phase'] | undefined;
  private next = 0;

  constructor(private readonly stream: NodeJS.WriteStream) {}

  update({ phase, done, total }: InstallProgress): void {
    if (phase !== this.phase) {
      this.phase = phase;
      this.next = 0;
      if (total === 0) this.stream.write(`${WORDS[phase]}\n`);
    }
    if (total === 0 || done / total < this.next) return;
    this.next = Math.floor(done / total / STEP + 1) * STEP;
    const percent = `${Math.floor((100 * done) / total)}%`.padStart(4);
    this.stream.write(`${WORDS[phase]} ${percent} (${formatSize(done)} of ${formatSize(total)})\n`);
  }

  stop(): void {}
}
