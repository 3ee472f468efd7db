import { showControls } from '../text/controls';
import type { MimeBundle } from './display';
import { currentDisplay, type LiveDisplay, type LiveOutput } from './live-output';

/** Where a long job shows how far it is. */
export interface ProgressOutput {
  /**
   * Replaces what was shown.
   *
   * @param text a line of text
   * @param rich the same for a notebook, made only there; the text by default
   */
  show(text: string, rich?: () => MimeBundle): void;
  /** The job has ended: `text` stays in a notebook, the line of a terminal is cleared. */
  end(text: string): void;
}

/**
 * An output of the running cell, else one line of the terminal, else nowhere.
 *
 * @param minNotebookMs minimum interval between updates in a notebook
 */
export function progressOutput(minNotebookMs = 0): ProgressOutput {
  const notebook = currentDisplay();
  if (notebook !== undefined) return notebookOutput(notebook, minNotebookMs);
  const { stderr } = process;
  if (!stderr.isTTY) return { show: () => undefined, end: () => undefined };
  return {
    show: (text) => void stderr.write(`\r\x1b[K${text}`),
    end: () => void stderr.write('\r\x1b[K'),
  };
}

/** Shows the steps of a job, and how long it took in the end. */
export async function withProgress<T>(
  name: string,
  job: (onProgress: (text: string) => void) => Promise<T>,
): Promise<T> {
  const started = performance.now();
  const output = progressOutput();
  const what = showControls(name);
  try {
    return await job((text) => output.show(`${what}: ${showControls(text)} …`));
  } finally {
    output.end(`${what}: done in ${((performance.now() - started) / 1000).toFixed(0)} s`);
  }
}

function notebookOutput(notebook: LiveDisplay, minMs: number): ProgressOutput {
  let output: LiveOutput | undefined;
  let updated = Number.NEGATIVE_INFINITY;
  return {
    show(text, rich = () => ({ 'text/plain': text })) {
      if (performance.now() - updated < minMs) return;
      updated = performance.now();
      if (output === undefined) output = notebook.create(rich());
      else output.update(rich());
    },
    // An output can't be taken back.
    end: (text) => output?.update({ 'text/plain': text }),
  };
}
