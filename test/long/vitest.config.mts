import { defineConfig } from 'vitest/config';

/** Tests of many minutes: `npm run test:long`. */
export default defineConfig({
  test: {
    include: ['test/long/**/*.test.ts'],
    setupFiles: ['test/helpers/file-setup.ts'],
    globalSetup: ['test/helpers/make-run-folder.ts', 'test/long/setup.ts'],
    // One at a time, because memory and processes are measured.
    pool: 'forks',
    fileParallelism: false,
    testTimeout: 3_600_000,
    hookTimeout: 1_800_000,
    reporters: ['default', './test/helpers/closing-line-reporter.mts'],
  },
});
