import { createRequire } from 'node:module';
import path from 'node:path';
import { messageOf, PaddleLabError } from '../errors';
import { existsSync } from '../files/fs';

/**
 * Loads the files of `--require FILE`, given before the command; they register tasks, operators or backends.
 *
 * @returns the remaining words
 * @throws PaddleLabError FILE_NOT_FOUND, INVALID_ARGUMENT
 */
export function loadModules(argv: readonly string[]): readonly string[] {
  const [first, second, ...rest] = argv;
  if (first?.startsWith('--require=')) {
    loadModule(first.slice('--require='.length));
    return loadModules(argv.slice(1));
  }
  if (first !== '--require' || second === undefined) return argv;
  loadModule(second);
  return loadModules(rest);
}

function loadModule(file: string): void {
  const target = path.resolve(file);
  if (!existsSync(target)) {
    throw new PaddleLabError('FILE_NOT_FOUND', `Expected a file for --require but ${target} does not exist`);
  }
  try {
    createRequire(target)(target);
  } catch (error) {
    const text = `Expected a CommonJS module for --require but ${target} fails: ${messageOf(error)}`;
    throw new PaddleLabError('INVALID_ARGUMENT', text, { cause: error });
  }
}
