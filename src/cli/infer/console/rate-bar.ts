import cliProgress from 'cli-progress';
import { showControlsInLines } from '../../../text/controls';
import { tell } from '../../print';

/** Of so many redraws the rate is told: what it is now, not since the start. */
const recent = 50;

/** A bar at the terminal that lines can be told beside. */
export interface RateBar {
  increment(): void;
  /** Writes a line above the bar. */
  tell(line: string): void;
  /** Leaves the terminal as it was; may be called more than once. */
  stop(): void;
}

/** A bar of what is done, with its rate; without a total the count, the rate and the time. Off a terminal only lines. */
export function rateBar(total: number | undefined, unit: string): RateBar {
  const { stderr } = process;
  if (!stderr.isTTY) return { increment: () => undefined, tell, stop: () => undefined };
  const bar = new cliProgress.SingleBar(
    { format: withRate(total, unit), stream: stderr, hideCursor: true, gracefulExit: false, barsize: 24 },
    cliProgress.Presets.shades_classic,
  );
  bar.start(total ?? 0, 0);
  return {
    increment: () => bar.increment(),
    // The bar is drawn again below; where it stands is kept anew, because there the cursor goes in the end.
    tell: (line) => stderr.write(`\r\u001b[K${showControlsInLines(line)}\n${bar.isActive ? '\u001b7' : ''}`),
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
