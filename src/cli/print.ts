import { showControlsInLines } from '../text/controls';

/** Writes what was asked for; what labels and file names could make a terminal do is shown escaped, as in JSON. */
export function say(text: string): void {
  process.stdout.write(`${showControlsInLines(text)}\n`);
}

/** The same for what is told beside it. */
export function tell(text: string): void {
  process.stderr.write(`${showControlsInLines(text)}\n`);
}
