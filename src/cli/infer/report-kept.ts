import { tell } from '../print';

/** Prints the files of killed runs that were kept under a new name because they have results. */
export function reportKept(files: readonly string[]): void {
  for (const file of files) {
    tell(`note: a killed run left the results of its frames: ${file}, one per line`);
  }
}
