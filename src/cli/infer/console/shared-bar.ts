import cliProgress from 'cli-progress';
import { Pace } from '../../../display/pace';
import { showControlsInLines } from '../../../text/controls';
import { tell } from '../../print';
import type { RateBar } from './rate-bar';

/** How far a run is that many processes work on. */
export interface SharedReport {
  /** Number of images. */
  readonly images: number;
  /** Number of finished images. */
  readonly done: number;
  /** Who works on it, in words. */
  readonly who: string;
}

/** Progress over all processes that work on a run. */
export interface SharedBar {
  /** As the bar of a console, which does not count itself. */
  open(): RateBar;
  report(report: SharedReport): void;
  /** Prints a line above the bar. */
  print(line: string): void;
}

/** On a terminal a bar, elsewhere a line for each tenth and when others work on it. */
export function sharedBar(stream: NodeJS.WriteStream = process.stderr): SharedBar {
  const pace = new Pace();
  let bar: cliProgress.SingleBar | undefined;
  let said = '';
  const print = (line: string): void => {
    if (bar === undefined) tell(line);
    // The cursor position is saved again, because the cursor is restored to it at the end.
    else stream.write(`\r\u001b[K${showControlsInLines(line)}\n${bar.isActive ? '\u001b7' : ''}`);
  };
  return {
    print,
    open: () => {
      if (!stream.isTTY) return { increment: () => undefined, print, stop: () => undefined };
      const format = '{bar} {value}/{total} images, {note}';
      const own = new cliProgress.SingleBar(
        { format, stream, hideCursor: true, gracefulExit: false, barsize: 24 },
        cliProgress.Presets.shades_classic,
      );
      bar = own;
      return { increment: () => undefined, print, stop: () => own.stop() };
    },
    report: ({ images, done, who }) => {
      const note = [...pace.describe(done, images), who].join(', ');
      if (bar !== undefined) {
        if (!bar.isActive) bar.start(images, done, { note });
        else bar.update(done, { note });
        return;
      }
      if (stream.isTTY) return;
      const step = `${Math.floor((10 * done) / images)} ${who}`;
      if (step !== said) tell(`${done} of ${images} images, ${note}`);
      said = step;
    },
  };
}
