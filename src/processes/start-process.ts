import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { messageOf, PaddleLabError } from '../errors';

/**
 * Starts a program and waits until it runs, because a child that could not be started has no streams.
 *
 * @throws PaddleLabError TOOL_FAILED with the system's error message
 */
export async function startProcess<C extends ChildProcess>(
  command: string,
  args: readonly string[],
  options: SpawnOptions,
): Promise<C> {
  const child = spawn(command, [...args], options);
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', reject);
  }).catch((error: unknown) => {
    throw new PaddleLabError('TOOL_FAILED', `Can't start ${command}: ${messageOf(error)}`, { cause: error });
  });
  // For example a signal that can't be sent; the exit event reports the outcome.
  child.on('error', () => undefined);
  return child as C;
}
