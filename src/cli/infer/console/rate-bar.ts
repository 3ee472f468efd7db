import cliProgress from 'cli-progress';
import { showControlsInLines } from '../../../text/controls';
import { tell } from '../../print';

/** Number of redraws for the rate: the current rate, not the average since the start. */
const recent = 50;

/** A progress bar on the terminal, with lines printed above it. */
export interface RateBar {
  increment(): void;
  /** Prints a line above the bar. */
  print(line: string): void;
  /** Restores the terminal; may be called more than once. */
  stop(): void;
}

/** A progress bar with the rate; without a total, the count, the rate and the time. Without a terminal, only lines. */
export function rateBar(total: number | undefined, unit: string): RateBar {
  const { stderr } = process;
  if (!stderr.isTTY) return { increment: () => undefined, print: tell, stop: () => undefined };
  const bar = new cliProgress.SingleBar(
    { format: withRate(total, unit), stream: stderr, hideCursor: true, gracefulExit: false, barsize: 24 },
    cliProgress.Presets.shades_classic,
  );
  bar.start(total ?? 0, 0);
  return {
    increment: () => bar.increment(),
    // The bar is redrawn below; the cursor position is saved again, because the cursor is restored to it at the end.
    print: (line) => stderr.write(`\r\u001b[K${showControlsInLines(line)}\n${bar.isActive ? '\u001b7' : ''}`),
    stop: () => bar.stop(),
  };
}

function withRate(total: number | undefined, unit: string): cliProgress.GenericFormatter {
  const format =
    total === undefined
      ? `{value} ${unit}, {rate}/s, {duration_formatted}`
      : `{bar} {value}/{total} ${unit}, {rate}/s, {eta_formatted} left`;
  const marks: Mark[] = [];
  return (options, params, payload) => {
    marks.push({ at: performance.now(), value: params.value });
    const [from = marks[0]] = marks.length > recent ? [marks.shift()] : [];
    const rate = rateBetween(from, marks.at(-1));
    return cliProgress.Format.Formatter({ ...options, format }, params, { ...payload, rate });
  };
}

interface Mark {
  readonly at: number;
  readonly value: number;
}

function rateBetween(from: Mark | undefined, to: Mark | undefined): string {
  if (from === undefined || to === undefined || to.at <= from.at) return '0.0';
  return (((to.value - from.value) / (to.at - from.at)) * 1000).toFixed(1);
}
