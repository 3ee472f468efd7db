import { tell } from '../print';

/** What was swept up and is worth something has another name now. */
export function tellKept(files: readonly string[]): void {
  for (const file of files) {
    tell(`note: a run that was killed left the results of its frames: ${file}, a line each`);
  }
}
