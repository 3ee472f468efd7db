import { showControlsInLines } from '../text/controls';

/** Writes results to standard output; control characters in labels and file names are escaped, as in JSON. */
export function say(text: string): void {
  process.stdout.write(`${showControlsInLines(text)}\n`);
}

/** The same for messages on standard error. */
export function tell(text: string): void {
  process.stderr.write(`${showControlsInLines(text)}\n`);
}
