import path from 'node:path';
import { tableLines } from '../../../display/result-table';
import type { AnyModel } from '../../../model/load-model';
import type { PredictResult } from '../../../results';
import { modelTitle } from '../../../spec/model-title';
import type { Finding } from '../../../spec/task-parts';
import { taskOf } from '../../../tasks/tasks';
import { showControls } from '../../../text/controls';
import { formatTable } from '../../../text/table';
import { say, tell } from '../../print';
import type { RunConsole, RunTotals } from './console';
import { type RateBar, rateBar } from './rate-bar';

/** Failures are printed immediately, up to this number. */
export const maxFailures = 20;

/**
 * A progress bar during the run; then a table of the findings, and the folder of results.
 *
 * @param open makes another progress bar
 */
export function summaryConsole(folder: string, open?: () => RateBar): RunConsole {
  const counts = new ClassTotals();
  let bar: RateBar | undefined;
  let only: PredictResult | undefined;
  let total = 0;
  let failed = 0;
  let wrote = false;
  const printAbove = (line: string) => (bar === undefined ? tell(line) : bar.print(line));
  return {
    begin: (description, images) => {
      total = images;
      tell(description);
      bar = open?.() ?? (images === 1 ? undefined : rateBar(images, 'images'));
    },
    event: (event, shown) => {
      bar?.increment();
      if (event.kind === 'failed' && failed++ < maxFailures)
        printAbove(`failed: ${showControls(event.image.file)}: ${event.error.message}`);
      if (event.kind === 'done' && event.record.written.length > 0) wrote = true;
      if (shown === undefined) return;
      only = total === 1 ? shown : undefined;
      counts.add(shown);
    },
    end: (totals, files) => {
      bar?.stop();
      if (failed > maxFailures) tell(`… and ${failed - maxFailures} more failed`);
      const table = only === undefined ? counts.table() : resultTable(only);
      if (table !== '') say(table);
      say(lastLine(totals));
      for (const file of files) say(file);
      if (wrote && files.length === 0) say(`Results are in ${path.resolve(folder)}`);
    },
    close: () => bar?.stop(),
  };
}

/** The model and its runtime, in one line. */
export function describe({ spec, runtime, kind }: AnyModel, parallel: number): string {
  const on = `${modelTitle(spec)} (${kind}) on ${runtime.library}`;
  if (runtime.device === 'remote') return on;
  const threads = `${runtime.threads} thread${runtime.threads === 1 ? '' : 's'}`;
  const wide = parallel === 1 ? threads : `${parallel} concurrent runs, ${threads} each`;
  const engine = runtime.engine === undefined ? '' : `${runtime.engine}, `;
  return `${on}: ${runtime.device}, ${engine}${runtime.precision}, ${wide}`;
}

/** How often each class was found. */
export class ClassTotals {
  private readonly counts = new Map<string, { objects: number; images: number; best: number }>();

  add(result: PredictResult): void {
    const seen = new Set<string>();
    for (const { label, score } of foundIn(result)) {
      const entry = this.counts.get(label) ?? { objects: 0, images: 0, best: 0 };
      entry.objects++;
      if (!seen.has(label)) entry.images++;
      entry.best = Math.max(entry.best, score ?? 1);
      seen.add(label);
      this.counts.set(label, entry);
    }
  }

  table(): string {
    if (this.counts.size === 0) return '';
    const rows = [...this.counts].sort(([, a], [, b]) => b.objects - a.objects);
    return formatTable(
      ['class', 'found', 'in images', 'best score'],
      rows.map(([label, { objects, images, best }]) => [label, `${objects}`, `${images}`, best.toFixed(3)]),
    );
  }
}

/** The counted findings of an image: all objects, or its best class. */
function foundIn(result: PredictResult): readonly Finding[] {
  const { found, finds } = taskOf(result);
  return finds === 'classes' ? found(result).slice(0, 1) : found(result);
}

function resultTable(result: PredictResult): string {
  const table = taskOf(result).table(result);
  return table.rows.length === 0 ? '' : tableLines(table).join('\n');
}

/** How many images were done, failed, and were finished before; and how fast. */
export function lastLine({ images, done, failed, skipped, wallMs }: RunTotals): string {
  const parts = [`${done} of ${images} image${images === 1 ? '' : 's'} done`];
  if (skipped > 0) parts.push(`${skipped} were finished before`);
  if (failed > 0) parts.push(`${failed} failed`);
  if (done > 1) parts.push(`${((done / wallMs) * 1000).toFixed(1)} images/s`);
  return parts.join(', ');
}
