import { homedir } from 'node:os';
import { PaddleLabError } from '../../errors';
import { readFile, stat } from '../../files/fs';

/** A value that a user has set, and where. */
export interface Setting {
  readonly value: string;
  /** The variable, or the name and the file, for errors. */
  readonly from: string;
}

/** The home folder of an environment. */
export function homeOf(environment: NodeJS.ProcessEnv): string {
  if (environment.HOME) return environment.HOME;
  try {
    return homedir();
  } catch {
    // A container may run as a user without a name and home folder.
    return '/dev/null/no-home';
  }
}

/** A variable that is set and not empty, under the first of these names. */
export function variable(environment: NodeJS.ProcessEnv, ...names: readonly string[]): Setting | undefined {
  const from = names.find((name) => environment[name]);
  return from === undefined ? undefined : { value: environment[from] as string, from };
}

/** The words of a value with several: `--trusted-host` and the like. */
export function wordsOf(setting: Setting | undefined): Setting[] {
  const words = setting?.value.split(/\s+/).filter((word) => word !== '') ?? [];
  return words.map((value) => ({ value, from: setting?.from as string }));
}

/** Whether there is such a file; in a folder that may not be looked into, there is none. */
export async function isThere(file: string): Promise<boolean> {
  const info = await stat(file).catch(() => undefined);
  return info !== undefined && !info.isDirectory();
}

/** The text of a settings file; empty if there is none. */
export async function readIfThere(file: string): Promise<string> {
  return (await isThere(file)) ? readFile(file, 'utf8') : '';
}

/** The error for a setting that can't be used. */
export function wrongSetting(expected: string, { from, value }: Setting, cause?: unknown): PaddleLabError {
  const shown = JSON.stringify(value.replace(/\/\/[^/@]*@/, '//…@'));
  return new PaddleLabError(
    'RUNTIME_INSTALL_FAILED',
    `Expected ${expected} for ${from} but received ${shown}; correct or unset it`,
    cause === undefined ? {} : { cause },
  );
}
