import { PaddleLabError } from '../../errors';
import { wheelWords } from '../../package-index/find-wheel';
import type { WheelRelease } from '../../package-index/wheel-release';
import { lastWords, type ProcessOptions, type ProcessResult } from '../../processes/run-process';
import type { FetchOptions } from '../fetch-options';

/** The error for a download that failed; what is there of it is kept. */
export function fetchError(release: WheelRelease, why: string, settings: string, cause: unknown): PaddleLabError {
  return new PaddleLabError(
    'RUNTIME_INSTALL_FAILED',
    `Could not fetch ${wheelWords(release)}: ${why}. Check the network and ${settings}, then run the same command ` +
      'again; the download so far is kept',
    cause === undefined ? {} : { cause },
  );
}

/** The same for a package client that is a program. */
export function programError(release: WheelRelease, reason: string | undefined, result: ProcessResult): PaddleLabError {
  return fetchError(release, reason ?? lastWords(result), "the package client's index settings", causeOf(result));
}

/** The last lines of the client's error output. */
export function causeOf(result: ProcessResult): Error | undefined {
  const text = result.stderr.trim().split('\n').slice(-6).join('\n');
  return text === '' ? undefined : new Error(text);
}

export function processOptions({ signal, environment }: FetchOptions): ProcessOptions {
  return { signal, env: environment };
}
