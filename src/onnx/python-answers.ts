import { stripVTControlCharacters } from 'node:util';
import { PaddleLabError } from '../errors';
import type { ProcessResult } from '../processes/run-process';

/** A package that a script could not import. */
export interface MissingPackage {
  readonly kind: 'missing';
  readonly package: string;
  readonly message: string;
}

/** The JSON lines in the output, which may also contain prints of libraries. */
export function answersOf<T>({ stdout }: ProcessResult): T[] {
  return stdout
    .split('\n')
    .filter((line) => line.startsWith('{"kind"'))
    .map((line) => JSON.parse(line) as T);
}

/** The error messages, without colours, dates and crash frames. */
export function complaintsOf({ stdout, stderr }: ProcessResult): string {
  const lines = stripVTControlCharacters(`${stdout}\n${stderr}`).split('\n');
  const logged = lines.flatMap((line) => /\[ERROR\](?:\[Paddle2ONNX\])?\s*(.*\w.*)/.exec(line)?.[1] ?? []);
  const errors = [...new Set(logged)].filter((line) => line !== 'None');
  const [last = 'it ended without a message'] = lines.filter((line) => line.trim() !== '').slice(-1);
  return (errors.length > 0 ? errors.map((line) => line.replace(/\.+$/, '')).join('; ') : last).replace(/\.+$/, '');
}

/** @throws PaddleLabError TOOL_FAILED always */
export function refuseStart(python: string, { stderr }: ProcessResult): never {
  throw new PaddleLabError(
    'TOOL_FAILED',
    `Expected a Python with paddle2onnx but can't run ${python}; name one with --python`,
    { cause: stderr },
  );
}
