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

/** An output of the running cell, else one line of the terminal, else nowhere. */
export function progressOutput(): ProgressOutput {
  const notebook = currentDisplay();
  if (notebook !== undefined) return notebookOutput(notebook);
  const { stderr } = process;
  if (!stderr.isTTY) return { show: () => undefined, end: () => undefined };
  return {
    show: (text) => void stderr.write(`\r\x1b[K${text}`),
    end: () => void stderr.write('\r\x1b[K'),
  };
}

function notebookOutput(notebook: LiveDisplay): ProgressOutput {
  let output: LiveOutput | undefined;
  return {
    show(text, rich = () => ({ 'text/plain': text })) {
      if (output === undefined) output = notebook.create(rich());
      else output.update(rich());
    },
    // An output can't be taken back.
    end: (text) => output?.update({ 'text/plain': text }),
  };
}
