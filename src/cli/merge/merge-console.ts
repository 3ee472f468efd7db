import path from 'node:path';
import type { CollectedRun } from '../../infer/shards/collect-shards';
import type { ImageRecord } from '../../predict/result-journal';
import { resultAbove } from '../../tasks/tasks';
import { showControls } from '../../text/controls';
import { type RateBar, rateBar } from '../infer/console/rate-bar';
import { ClassTotals, maxFailures } from '../infer/console/summary-console';
import { say, tell } from '../print';

/** Output of joining shards on the terminal. */
export interface MergeConsole {
  begin(): void;
  readonly image: (record: ImageRecord) => void;
  /** @param files the summary files that were written */
  end(files: readonly string[]): void;
  /** Restores the terminal, also after an error. */
  close(): void;
}

/** A progress bar; then, as after a run, what failed, a table of the findings, and the files. */
export function mergeConsole(run: CollectedRun, folder: string): MergeConsole {
  const totals = new ClassTotals();
  let bar: RateBar | undefined;
  return {
    begin: () => {
      bar = rateBar(run.done.length, 'images');
    },
    image: ({ result }) => {
      bar?.increment();
      // The lines of a text are no classes.
      if (result.kind !== 'text') totals.add(resultAbove(result, run.threshold));
    },
    end: (files) => {
      bar?.stop();
      for (const { file, message } of run.failed.slice(0, maxFailures))
        tell(`failed: ${showControls(file)}: ${message}`);
      const more = run.failed.length - maxFailures;
      if (more > 0) tell(`… and ${more} more failed`);
      for (const missing of run.missing) tell(`missing: ${missing}`);
      const table = totals.table();
      if (table !== '') say(table);
      say(lastLine(run));
      for (const file of files) say(file);
      if (files.length === 0) say(`Results are in ${path.resolve(folder)}`);
    },
    close: () => bar?.stop(),
  };
}

/** How many images were joined, failed and are missing. */
function lastLine({ done, images, shards, failed, missingImages }: CollectedRun): string {
  const from = `${shards.length} shard${shards.length === 1 ? '' : 's'}`;
  const parts = [`${done.length} of ${images} image${images === 1 ? '' : 's'} joined from ${from}`];
  if (failed.length > 0) parts.push(`${failed.length} failed`);
  if (missingImages > 0) parts.push(`${missingImages} missing`);
  return parts.join(', ');
}

/** One JSON object at the end. */
export function jsonMergeConsole(run: CollectedRun): MergeConsole {
  return {
    begin: () => undefined,
    image: () => undefined,
    end: (files) => {
      const { images, shards, failed, missing, missingImages } = run;
      const counts = { shards: shards.length, images, done: run.done.length };
      say(JSON.stringify({ ...counts, failed, missing: { images: missingImages, what: missing }, files }));
    },
    close: () => undefined,
  };
}
