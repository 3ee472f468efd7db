import { jupyterDisplay } from '../notebook/display';
import { currentDisplay, type LiveOutput } from '../notebook/live';
import type { BackendReport } from './report';

export interface CompareProgress {
  update(report: BackendReport): void;
  end(report: BackendReport): void;
}

/** Shows which rows are done: a table that fills up in a notebook, a line on a terminal, nothing elsewhere. */
export function showProgress(): CompareProgress {
  const display = currentDisplay();
  if (display !== undefined) return notebookProgress((report) => display.create(report[jupyterDisplay]()));
  if (process.stderr.isTTY) return terminalProgress(process.stderr);
  return { update: () => undefined, end: () => undefined };
}

function notebookProgress(create: (report: BackendReport) => LiveOutput): CompareProgress {
  const started = performance.now();
  let output: LiveOutput | undefined;
  return {
    update(report) {
      if (output === undefined) output = create(report);
      else output.update(report[jupyterDisplay]());
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
    update({ rows }) {
      const done = rows.filter((row) => row.kind !== 'pending').length;
      const running = rows[done]?.backend ?? '';
      terminal.write(`\r\x1b[Kcomparing backends: ${done} of ${rows.length} done, measuring ${running}`);
    },
    end: () => {
      terminal.write('\r\x1b[K');
    },
  };
}
