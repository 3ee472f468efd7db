import cliProgress from 'cli-progress';
import type { QueueReport } from '../../../infer/queue/follow-run';
import { showControlsInLines } from '../../../text/controls';
import { tell } from '../../print';
import type { RateBar } from './rate-bar';

/** Progress over all workers of a run. */
export interface QueueBar {
  /** As the bar of a console, which does not count itself. */
  open(): RateBar;
  report(report: QueueReport): void;
  /** Prints a line above the bar. */
  print(line: string): void;
}

/** On a terminal a bar, elsewhere a line for each tenth and when the number of workers changes. */
export function queueBar(stream: NodeJS.WriteStream = process.stderr): QueueBar {
  const pace = new Pace();
  let bar: cliProgress.SingleBar | undefined;
  let said = '';
  const print = (line: string): void => {
    if (bar === undefined) tell(line);
    else stream.write(`\r\u001b[K${showControlsInLines(line)}\n${bar.isActive ? '\u001b7' : ''}`);
  };
  return {
    print,
    open: () => {
      if (!stream.isTTY) return { increment: () => undefined, print: tell, stop: () => undefined };
      const format = '{bar} {value}/{total} images, {note}';
      const own = new cliProgress.SingleBar(
        { format, stream, hideCursor: true, gracefulExit: false, barsize: 24 },
        cliProgress.Presets.shades_classic,
      );
      bar = own;
      return {
        increment: () => undefined,
        print,
        stop: () => own.stop(),
      };
    },
    report: (report) => {
      const note = [...pace.describe(report), workersText(report.workers)].join(', ');
      if (bar !== undefined) {
        if (!bar.isActive) bar.start(report.images, report.done, { note });
        else bar.update(report.done, { note });
        return;
      }
      if (stream.isTTY || report.workers === undefined) return;
      const step = `${Math.floor((10 * report.done) / report.images)} ${report.workers}`;
      if (step !== said) tell(`${report.done} of ${report.images} images, ${note}`);
      said = step;
    },
  };
}

function workersText(workers: number | undefined): string {
  if (workers === undefined) return 'looking for workers';
  if (workers === 0) return 'no worker';
  return `${workers} worker${workers === 1 ? '' : 's'}`;
}

/** The rate is that of the last so many milliseconds. */
const windowMs = 20_000;

/** Rate and time left, from reports. */
class Pace {
  private readonly marks: { readonly at: number; readonly done: number }[] = [];

  describe({ images, done }: QueueReport): string[] {
    const at = performance.now();
    if (this.marks.at(-1)?.done !== done) this.marks.push({ at, done });
    while ((this.marks[1]?.at ?? at) < at - windowMs) this.marks.shift();
    const [first] = this.marks;
    if (first === undefined || done === first.done || at === first.at) return [];
    const rate = ((done - first.done) / (at - first.at)) * 1000;
    return [`${rate.toFixed(1)}/s`, ...(done < images ? [`${timeText((images - done) / rate)} left`] : [])];
  }
}

/** `45 s`, `12 min`, `3.5 h`. */
function timeText(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  return seconds < 5400 ? `${Math.ceil(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
