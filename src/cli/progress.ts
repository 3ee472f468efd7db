import cliProgress from 'cli-progress';
import { TransferRate } from '../display/transfer-rate';
import type { InstallProgress } from '../runtime/fetch-options';

export interface ProgressView {
  update(progress: InstallProgress): void;
  stop(): void;
}

/** How the phases of a job are called. */
export type PhaseWords = Readonly<Record<InstallProgress['phase'], string>>;

const installWords: PhaseWords = {
  wait: 'Waiting for another install of it to finish',
  find: 'Looking for the wheel',
  download: 'Downloading',
  verify: 'Checking the SHA-256',
  unpack: 'Unpacking',
};

/** Shows an install or a download as bars on a terminal, elsewhere as occasional lines. */
export function createProgress(
  words: PhaseWords = installWords,
  stream: NodeJS.WriteStream = process.stderr,
): ProgressView {
  return stream.isTTY ? new BarView(words, stream) : new LineView(words, stream);
}

class BarView implements ProgressView {
  private bar: cliProgress.SingleBar | undefined;
  private phase: InstallProgress['phase'] | undefined;
  private total = 0;
  private rate = new TransferRate();

  constructor(
    private readonly words: PhaseWords,
    private readonly stream: NodeJS.WriteStream,
  ) {}

  update(progress: InstallProgress): void {
    // The size of a download is only known with its first answer.
    if (progress.phase !== this.phase || (this.total === 0 && progress.total > 0)) this.begin(progress);
    this.bar?.update(progress.done, { text: this.rate.describe(progress.done, progress.total) });
  }

  private begin(progress: InstallProgress): void {
    this.stop();
    this.phase = progress.phase;
    this.total = progress.total;
    this.rate = new TransferRate();
    if (progress.total === 0) {
      this.stream.write(`${this.words[progress.phase]}\n`);
      return;
    }
    const format = `${this.words[progress.phase].padEnd(11)} {bar} {percentage}% {text}`;
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
  private rate = new TransferRate();

  constructor(
    private readonly words: PhaseWords,
    private readonly stream: NodeJS.WriteStream,
  ) {}

  update({ phase, done, total }: InstallProgress): void {
    if (phase !== this.phase) {
      this.phase = phase;
      this.next = 0;
      this.rate = new TransferRate();
      if (total === 0) this.stream.write(`${this.words[phase]}\n`);
    }
    const text = this.rate.describe(done, total);
    if (total === 0 || done / total < this.next) return;
    this.next = Math.floor(done / total / STEP + 1) * STEP;
    const percent = `${Math.floor((100 * done) / total)}%`.padStart(4);
    this.stream.write(`${this.words[phase]} ${percent} (${text})\n`);
  }

  stop(): void {}
}
