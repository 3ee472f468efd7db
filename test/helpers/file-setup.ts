import { expect } from 'vitest';
import { enterFileFolder } from './run-folder';

// Runs in each worker before the test file is imported.
enterFileFolder(expect.getState().testPath ?? 'unknown');
