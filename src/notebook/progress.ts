import { escapeHtml } from '../display/display';
import { progressOutput } from '../display/progress-output';
import { type OptionChecks, readOptions, text } from '../options';
import { showControls } from '../text/controls';
import { checkInteger, invalidArgument } from '../validate';

/** Options of `progress`. */
export interface ProgressOptions {
  /** A short label; none by default. */
  readonly label?: string;
}

const checks = {
  label: text,
} satisfies OptionChecks<ProgressOptions>;

/** A progress bar that is updated by calls. */
export interface ProgressBar {
  /** Sets how much of the total is done. */
  update(done: number, note?: string): void;
  /** Ends the bar in its current state, and shows the elapsed time. */
  end(): void;
}

/** Minimum time between updates, so that they can be read. */
const INTERVAL_MS = 100;
const TERMINAL_WIDTH = 30;

/**
 * A progress bar that updates in place, in a notebook and on a terminal: around an iterable, or for a number of steps,
 * advanced by `update`.
 *
 * @throws PaddleLabError INVALID_ARGUMENT, UNKNOWN_OPTION
 *
 * @example
 * for (const file of progress(['a.png', 'b.png'], { label: 'reading' })) console.log(file);
 * const bar = progress(10);
 * bar.update(5, 'half-way');
 * bar.end();
 */
export function progress(total: number, options?: ProgressOptions): ProgressBar;
export function progress<T>(items: Iterable<T>, options?: ProgressOptions): Iterable<T>;
export function progress<T>(what: number | Iterable<T>, options: ProgressOptions = {}): ProgressBar | Iterable<T> {
  const { label = '' } = readOptions('progress', options, checks);
  if (typeof what === 'number') return new Bar(checkInteger('total', what, 1), label);
  if (what === null || typeof what !== 'object' || !(Symbol.iterator in what)) {
    throw invalidArgument('what', 'number of steps, or something to iterate over', what);
  }
  const items = [...what];
  return items.length === 0 ? items : follow(items, label);
}

function* follow<T>(items: readonly T[], label: string): Generator<T> {
  const bar = new Bar(items.length, label);
  try {
    for (const [index, item] of items.entries()) {
      yield item;
      bar.update(index + 1);
    }
  } finally {
    bar.end();
  }
}

class Bar implements ProgressBar {
  private readonly started = performance.now();
  private readonly output = progressOutput();
  private shown = Number.NEGATIVE_INFINITY;
  private done = 0;
  private note = '';

  constructor(
    private readonly total: number,
    private readonly label: string,
  ) {
    this.draw();
  }

  update(done: number, note = ''): void {
    this.done = Math.min(this.total, Math.max(0, done));
    this.note = note;
    if (performance.now() - this.shown >= INTERVAL_MS) this.draw();
  }

  end(): void {
    this.draw();
  }

  private draw(): void {
    this.shown = performance.now();
    const seconds = (this.shown - this.started) / 1000;
    const share = this.done / this.total;
    const left = share > 0 && share < 1 ? `, about ${((seconds / share) * (1 - share)).toFixed(0)} s left` : '';
    const text = `${this.done}/${this.total} in ${seconds.toFixed(1)} s${left}${this.note === '' ? '' : ` · ${showControls(this.note)}`}`;
    const filled = Math.round(share * TERMINAL_WIDTH);
    const blocks = '█'.repeat(filled) + '░'.repeat(TERMINAL_WIDTH - filled);
    const before = this.label === '' ? '' : `${showControls(this.label)} `;
    const bar = `<progress max="${this.total}" value="${this.done}" style="width:20em"></progress>`;
    const line = `${before}${blocks} ${text}`;
    const html = `<div>${escapeHtml(before)}${bar} ${escapeHtml(text)}</div>`;
    this.output.show(line, () => ({ 'text/plain': line, 'text/html': html }));
  }
}
