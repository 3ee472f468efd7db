import { currentDisplay, type LiveOutput } from '../display/live-output';
import { showControls } from '../text/controls';
import type { CompareStep } from './options';
import type { BackendReport } from './report';

export interface CompareProgress {
  /** @param makeReport called where the rows so far are shown */
  update(step: CompareStep, makeReport: () => BackendReport): void;
  end(report: BackendReport): void;
}

/** `round 2 of 5: onednn`. */
export function describeStep({ phase, number, count, backend }: CompareStep): string {
  const words = { load: 'loading', round: 'round', batch: 'batch size' } as const;
  return `${words[phase]} ${number} of ${count}: ${showControls(backend)}`;
}

/** A notebook's table is drawn again at most so often. */
const tableMs = 500;

/** Shows what is measured: a table that fills up in a notebook, a line on a terminal, nothing elsewhere. */
export function showProgress(): CompareProgress {
  const display = currentDisplay();
  if (display !== undefined) return notebookProgress((report) => display.create(report.tableBundle()));
  if (process.stderr.isTTY) return terminalProgress(process.stderr);
  return { update: () => undefined, end: () => undefined };
}

function notebookProgress(create: (report: BackendReport) => LiveOutput): CompareProgress {
  const started = performance.now();
  let output: LiveOutput | undefined;
  let shown = Number.NEGATIVE_INFINITY;
  return {
    update(_step, makeReport) {
      if (performance.now() - shown < tableMs) return;
      shown = performance.now();
      if (output === undefined) output = create(makeReport());
      else output.update(makeReport().tableBundle());
    },
    // The report is the cell's result as well; two of the same table would be one too many.
    end({ rows }) {
      const seconds = ((performance.now() - started) / 1000).toFixed(0);
      output?.update({ 'text/plain': `Compared ${rows.length} backends in ${seconds} s` });
    },
  };
}

function terminalProgress(terminal: NodeJS.WriteStream): CompareProgress {
  return {
    update: (step) => void terminal.write(`\r\x1b[Kcomparing backends: ${describeStep(step)}`),
    end: () => void terminal.write('\r\x1b[K'),
  };
}
