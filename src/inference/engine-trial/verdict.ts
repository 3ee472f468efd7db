import type { ConfigStep } from '../../native/paddle-types';
import { abortError } from '../../validate';
import { circumstancesOf, settingsOf, type TrialModel } from './trial-model';
import { startTrial, type TrialOutcome } from './trial-process';
import type { TrialFailure, TrialInput, TrialRequest } from './trial-protocol';
import { cacheFileOf, readCached, writeCached } from './verdict-cache';

/** The verdict of a trial about one engine. */
export type Verdict =
  | { readonly kind: 'sound' }
  | TrialFailure
  | { readonly kind: 'crashed'; readonly reason: string }
  | { readonly kind: 'hung'; readonly seconds: number };

/** Creating a predictor for a large model takes some ten seconds; this limit has a wide margin. */
export const trialTimeoutMs = 180_000;

/**
 * Whether these settings work with this model: creates a predictor, and runs it once if there are inputs, in a separate
 * process. Cached verdicts are not tried again.
 *
 * @throws PaddleLabError ABORTED
 */
export async function verdictOn(
  trialModel: TrialModel,
  steps: readonly ConfigStep[],
  inputs: readonly TrialInput[] | undefined,
  signal?: AbortSignal,
): Promise<Verdict> {
  const file = await verdictFile(trialModel, steps, inputs);
  const known = await readCached<Verdict>(file);
  if (known !== undefined) return known;
  const request = { runtime: trialModel.library.runtime.root, steps, inputs };
  let outcome = await tryOnce(request, signal);
  // For example killed because another process used the memory.
  if (mayPass(outcome)) outcome = await tryOnce(request, signal);
  return keep(file, outcome, signal);
}

async function tryOnce(request: TrialRequest, signal: AbortSignal | undefined): Promise<TrialOutcome> {
  const process = startTrial();
  try {
    return await process.ask(request, { timeoutMs: trialTimeoutMs, signal });
  } finally {
    process.end();
  }
}

export async function verdictFile(
  trialModel: TrialModel,
  steps: readonly ConfigStep[],
  inputs: readonly TrialInput[] | undefined,
): Promise<string> {
  return cacheFileOf({ ...(await circumstancesOf(trialModel, inputs)), settings: settingsOf(steps) });
}

/** Caches only lasting verdicts; lack of memory and timeouts may be temporary. */
export async function keep(file: string, outcome: TrialOutcome, signal: AbortSignal | undefined): Promise<Verdict> {
  const verdict = verdictOf(outcome, signal);
  if (isLasting(outcome)) await writeCached(file, verdict);
  return verdict;
}

function mayPass(outcome: TrialOutcome): boolean {
  const { kind } = outcome;
  return kind === 'not-started' || kind === 'out-of-memory' || (kind === 'crashed' && !outcome.lasting);
}

/** Whether another trial would have the same outcome. */
export function isLasting(outcome: TrialOutcome): boolean {
  switch (outcome.kind) {
    case 'crashed':
      return outcome.lasting;
    case 'failed':
      return outcome.stage !== 'load';
    case 'ready':
    case 'timed':
      return true;
    case 'not-started':
    case 'out-of-memory':
    case 'timeout':
    case 'interrupted':
      return false;
  }
}

export function verdictOf(outcome: TrialOutcome, signal: AbortSignal | undefined): Verdict {
  switch (outcome.kind) {
    case 'interrupted':
      throw abortError(signal);
    case 'ready':
    case 'timed':
      return { kind: 'sound' };
    case 'crashed':
    case 'out-of-memory':
    case 'not-started':
      return { kind: 'crashed', reason: outcome.reason };
    case 'timeout':
      return { kind: 'hung', seconds: outcome.seconds };
    case 'failed':
      return outcome;
  }
}
