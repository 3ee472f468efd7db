import { beforeAll } from 'vitest';
import { installRuntime, listRuntimes } from '../../src/runtime';
import { testRuntime } from '../inference/matrix-suite';

// The third wheel is only downloaded for the long tests.
beforeAll(async () => {
  const installed = (await listRuntimes()).some((runtime) => runtime.id === 'paddlepaddle-3.0.0');
  if (!installed) await installRuntime({ version: '3.0.0' });
}, 900_000);

testRuntime('3.0.0');
