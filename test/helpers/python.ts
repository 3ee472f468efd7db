import { ensurePythonEnv } from '../../src/dev/python-env';
import { type ProcessResult, runProcess } from './project';

/** Runs Python from the tests' private environment. */
export async function runPython(args: readonly string[]): Promise<ProcessResult> {
  const { python } = await ensurePythonEnv();
  return runProcess(python, args);
}
