import { fork } from 'node:child_process';
import { distFile } from '../package-root';
import type { MeasureReply, MeasureRequest } from './protocol';

/** How a child process ended. */
export type ChildOutcome =
  | MeasureReply
  | { readonly kind: 'crashed'; readonly reason: string }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'interrupted' };

/** Measures one backend in a fresh process; every way of ending is an outcome, never an exception. */
export function runChild(
  request: MeasureRequest,
  options: { readonly timeoutMs: number; readonly signal?: AbortSignal },
): Promise<ChildOutcome> {
  const { timeoutMs, signal } = options;
  if (signal?.aborted) return Promise.resolve({ kind: 'interrupted' });
  return new Promise((resolve) => {
    const child = fork(distFile('compare/child.js'), {
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    let outcome: ChildOutcome | undefined;
    const endWith = (final: ChildOutcome): void => {
      outcome ??= final;
      child.kill('SIGKILL');
    };
    const onAbort = (): void => endWith({ kind: 'interrupted' });
    const timer = setTimeout(() => endWith({ kind: 'timeout' }), timeoutMs);
    signal?.addEventListener('abort', onAbort, { once: true });
    let complaints = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      complaints = (complaints + text).slice(-4000);
    });
    child.on('message', (reply) => {
      outcome ??= reply as MeasureReply;
    });
    child.on('error', (error) => endWith({ kind: 'crashed', reason: error.message }));
    child.once('close', (code, killedBy) => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      resolve(outcome ?? { kind: 'crashed', reason: crashReason(code, killedBy, complaints) });
    });
    child.send(request);
  });
}

/** What each signal means to a person. */
const signalMeanings: Partial<Record<NodeJS.Signals, string>> = {
  SIGSEGV: 'segmentation fault inside Paddle',
  SIGABRT: 'aborted inside Paddle',
  SIGFPE: 'arithmetic fault inside Paddle',
  SIGILL: 'instruction that this CPU lacks',
  SIGKILL: 'killed, probably out of memory',
};

function crashReason(code: number | null, signal: NodeJS.Signals | null, complaints: string): string {
  if (signal !== null) return `${signalMeanings[signal] ?? 'ended by a signal'} (${signal})`;
  const lines = complaints.trim().split('\n');
  return `process ended with exit code ${code}: ${lines.at(-1) ?? ''}`;
}
