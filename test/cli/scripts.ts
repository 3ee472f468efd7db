import { distFile } from '../../src/package-root';
import { makeFolder } from '../helpers/folders';
import { type NpyArray, readNpz } from '../helpers/npz';
import { type ProcessResult, runProcess, sharedPath } from '../helpers/project';

/** The engine is fixed, so that no test waits for a trial. */
export const engine = ['--engine', 'plain', '--cpu_threads', '1'];

/** The input images of the scripts; undefined if they are not on this machine. */
export const goldenImages = sharedPath('golden/images');

/** Output folder of a test file; removed after its tests, and not made where all of them are skipped. */
export const folder = goldenImages === undefined ? '' : makeFolder();

export function infer(...args: string[]): Promise<ProcessResult> {
  return runProcess(process.execPath, [distFile('cli/main.js'), 'infer', ...args]);
}

/** The outputs of a script's predictor. */
export function golden(name: string): Promise<ReadonlyMap<string, NpyArray>> {
  return readNpz(sharedPath(`golden/${name}`)!);
}
