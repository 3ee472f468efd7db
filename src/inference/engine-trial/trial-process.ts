import { type ChildProcess, fork } from 'node:child_process';
import { distFile } from '../../package-root';
import type { Reaper } from '../../runtime/reaper';
import type { TimeRequest, TrialReply, TrialRequest } from './protocol';

/** How a step of a trial ended; nothing is ever thrown. */
export type TrialOutcome =
  | TrialReply
  | { readonly kind: 'crashed'; readonly reason: string; readonly lasting: boolean }
  | { readonly kind: 'hung'; readonly seconds: number }
  | { readonly kind: 'interrupted' };

export interface TrialLimits {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/** What each signal means to a person; all of these would come again. */
const signalMeanings: Partial<Record<NodeJS.Signals, string>> = {
  SIGSEGV: 'segmentation fault inside Paddle',
  SIGBUS: 'bad memory access inside Paddle',
  SIGABRT: 'aborted inside Paddle',
  SIGFPE: 'arithmetic fault inside Paddle',
  SIGILL: 'instruction that this CPU lacks',
};

/**
 * A process that creates and runs one predictor on behalf of this one. With a reaper it is stopped as soon as it has
 * answered: Paddle's threads spin for a while after a run, which would slow down whoever is timed next.
 */
export class TrialProcess {
  private readonly child: ChildProcess;
  private ending: TrialOutcome | undefined;
  private awaited: ((outcome: TrialOutcome) => void) | undefined;
  private complaints = '';

  constructor(private readonly reaper?: Reaper) {
    this.child = fork(distFile('inference/engine-trial/child.js'), {
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    if (this.child.pid !== undefined) reaper?.watch(this.child.pid);
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.complaints = (this.complaints + text).slice(-4000);
    });
    this.child.on('message', (reply) => this.settle(reply as TrialReply));
    this.child.on('error', (error) => this.end({ kind: 'crashed', reason: error.message, lasting: false }));
    this.child.once('close', (code, signal) => this.end(this.crash(code, signal)));
  }

  /** Creates the predictor and runs it once; or, afterwards, measures it. */
  ask(request: TrialRequest | TimeRequest, { timeoutMs, signal }: TrialLimits): Promise<TrialOutcome> {
    if (this.ending !== undefined) return Promise.resolve(this.ending);
    if (signal?.aborted) return Promise.resolve(this.end({ kind: 'interrupted' }));
    return new Promise((resolve) => {
      const onAbort = (): void => void this.end({ kind: 'interrupted' });
      const timer = setTimeout(() => this.end({ kind: 'hung', seconds: timeoutMs / 1000 }), timeoutMs);
      signal?.addEventListener('abort', onAbort, { once: true });
      this.awaited = (outcome) => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', onAbort);
        resolve(outcome);
      };
      if (this.reaper !== undefined) this.child.kill('SIGCONT');
      // A process that has just died can't be sent anything; how it died is told by its end.
      // One that could not be started has no channel; that it failed comes as an event.
      this.child.send?.(request, () => undefined);
    });
  }

  /** Ends the process, whatever it does. */
  end(outcome: TrialOutcome = { kind: 'interrupted' }): TrialOutcome {
    if (this.ending === undefined && this.child.pid !== undefined) this.reaper?.forget(this.child.pid);
    this.ending ??= outcome;
    this.child.kill('SIGKILL');
    this.settle(this.ending);
    return this.ending;
  }

  private settle(outcome: TrialOutcome): void {
    const { awaited } = this;
    this.awaited = undefined;
    if (this.reaper !== undefined && this.ending === undefined) this.child.kill('SIGSTOP');
    awaited?.(outcome);
  }

  private crash(code: number | null, signal: NodeJS.Signals | null): TrialOutcome {
    if (signal !== null) {
      const meaning = signalMeanings[signal];
      const reason = `${meaning ?? (signal === 'SIGKILL' ? 'killed, probably out of memory' : 'ended')} (${signal})`;
      return { kind: 'crashed', reason, lasting: meaning !== undefined };
    }
    const last = this.complaints.trim().split('\n').at(-1) ?? '';
    return { kind: 'crashed', reason: `process ended with exit code ${code}: ${last}`, lasting: false };
  }
}
