import path from 'node:path';
import { defineConfig } from 'vitest/config';

/** Tests whose expectations depend on the processor: they run once more, on one that pretends to have no AVX-512. */
const dependOnProcessor = [
  'test/compare/every-backend.test.ts',
  'test/model/engine-choice.test.ts',
  'test/parity/golden-3.3.1.test.ts',
];

const avx2 = {
  PADDLELAB_CPUINFO: path.join(import.meta.dirname, 'test/helpers/processors/avx2.txt'),
  // Switches of oneDNN and OpenVINO, and of MKL.
  ONEDNN_MAX_CPU_ISA: 'AVX2',
  MKL_ENABLE_INSTRUCTIONS: 'AVX2',
};

export default defineConfig({
  test: {
    setupFiles: ['test/helpers/file-setup.ts'],
    globalSetup: ['test/helpers/make-run-folder.ts', 'test/helpers/global-setup.ts'],
    // Processes, not threads: each test file may load a Paddle of its own.
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 300_000,
    reporters: ['default', './test/helpers/closing-line-reporter.mts'],
    projects: [
      {
        extends: true,
        test: {
          name: 'this processor',
          include: ['test/**/*.test.ts'],
          exclude: ['test/long/**', 'test/gpu/**', 'node_modules/**'],
        },
      },
      { extends: true, test: { name: 'AVX2 only', include: dependOnProcessor, env: avx2 } },
    ],
  },
});
