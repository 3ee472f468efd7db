import type { MimeBundle } from '../../display/display';
import { currentDisplay, type LiveOutput } from '../../display/live-output';
import { showControls } from '../../text/controls';

export interface TrialProgress {
  update(text: string): void;
  end(): void;
}

/** Shows what is being tried: below the cell in a notebook, in one line on a terminal, otherwise nowhere. */
export function trialProgress(name: string): TrialProgress {
  const what = showControls(name);
  const display = currentDisplay();
  if (display !== undefined) return notebookProgress((text) => display.create(bundle(`${what}: ${text} …`)), what);
  if (process.stderr.isTTY) return terminalProgress(process.stderr, what);
  return { update: () => undefined, end: () => undefined };
}

function notebookProgress(create: (text: string) => LiveOutput, what: string): TrialProgress {
  const started = performance.now();
  let output: LiveOutput | undefined;
  return {
    update(text) {
      if (output === undefined) output = create(text);
      else output.update(bundle(`${what}: ${text} …`));
    },
    // An output can't be removed; the model itself says which engine was chosen and why.
    end: () => output?.update(bundle(`${what}: done in ${((performance.now() - started) / 1000).toFixed(0)} s`)),
  };
}

function terminalProgress(terminal: NodeJS.WriteStream, what: string): TrialProgress {
  return {
    update: (text) => void terminal.write(`\r\x1b[K${what}: ${text} …`),
    end: () => void terminal.write('\r\x1b[K'),
  };
}

function bundle(text: string): MimeBundle {
  return { 'text/plain': text };
}
