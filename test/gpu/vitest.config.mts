import { defineConfig } from 'vitest/config';

/** Tests of GPU builds and, if there is a device, on the GPU: `npm run test:gpu`. */
export default defineConfig({
  test: {
    include: ['test/gpu/**/*.test.ts'],
    setupFiles: ['test/helpers/file-setup.ts'],
    globalSetup: ['test/helpers/make-run-folder.ts'],
    pool: 'forks',
    fileParallelism: false,
    testTimeout: 600_000,
    hookTimeout: 1_800_000,
    reporters: ['default', './test/helpers/closing-line-reporter.mts'],
  },
});
