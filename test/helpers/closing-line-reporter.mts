import type { Reporter, TestModule } from 'vitest/node';
import { removeRunFolder } from './run-folder.js';

/** Ends the run with one plain summary line, for scripts and quick reading. */
export default class ClosingLineReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const counts = { passed: 0, failed: 0, skipped: 0, pending: 0 };
    for (const module of modules) {
      for (const test of module.children.allTests()) counts[test.result().state]++;
      // A file that fails to load has no tests, but counts as a failure.
      counts.failed += module.errors().length;
    }
    // For example a crashed worker whose tests never ran.
    counts.failed += errors.length;
    const skipped = counts.skipped + counts.pending;
    // After the final output of the other reporters, and after the last worker.
    process.once('exit', () => {
      const left = removeRunFolder();
      for (const line of left) process.stdout.write(`Left in the temp folder by ${line}\n`);
      if (left.length > 0) process.exitCode = 1;
      const failed = counts.failed + left.length;
      process.stdout.write(`${counts.passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`);
    });
  }
}
