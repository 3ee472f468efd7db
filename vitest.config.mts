import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/long/**', 'test/gpu/**', 'node_modules/**'],
    setupFiles: ['test/helpers/file-setup.ts'],
    globalSetup: ['test/helpers/make-run-folder.ts', 'test/helpers/global-setup.ts'],
    // Processes, not threads: each test file may load a Paddle of its own.
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 300_000,
    reporters: ['default', './test/helpers/closing-line-reporter.mts'],
  },
});
