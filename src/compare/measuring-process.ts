import type { PaddleLabErrorCode } from '../errors';
import type { Reaper } from '../runtime/reaper';
import { type Channel, type Launch, startChannel } from './channel';
import { availableBytes, memoryOf } from './process-memory';
import type { OpenRequest, Reply, TurnRequest } from './protocol';

/** Why a backend has no times; for people. */
export type Failure =
  | { readonly kind: 'error'; readonly code: PaddleLabErrorCode | undefined; readonly message: string }
  | { readonly kind: 'crashed'; readonly reason: string }
  | { readonly kind: 'out-of-memory'; readonly reason: string }
  | { readonly kind: 'timeout'; readonly seconds: number }
  | { readonly kind: 'interrupted' };

/** How a step of a process that measures ended; nothing is ever thrown. */
export type Outcome = Exclude<Reply, { kind: 'error' }> | Failure;

export interface ProcessLimits {
  readonly timeoutMs: number;
  /** Bytes of memory that a process may take. */
  readonly memoryLimit: number;
  /** Bytes that can still be had; as the system tells by default. */
  readonly available?: () => number;
  readonly signal?: AbortSignal;
}

/** How often the memory of the process at work is looked at. */
const watchMs = 50;
/** With less than this left the machine would begin to kill by itself. */
const leastFreeBytes = 256 * 2 ** 20;

/**
 * A process that holds one backend. It is stopped as soon as it has answered, so that threads which wait by spinning
 * take nothing from the backend that is measured, and goes on with the next request.
 */
export class MeasuringProcess {
  /** Most memory that it had at once, in bytes. */
  peakBytes = 0;
  private readonly channel: Channel;
  private ending: Failure | undefined;
  private awaited: ((outcome: Outcome) => void) | undefined;
  private complaints = '';

  constructor(
    launch: Launch,
    private readonly limits: ProcessLimits,
    private readonly reaper: Reaper,
  ) {
    this.channel = startChannel(launch, (reply) => this.settle(reply));
    const { child } = this.channel;
    if (child.pid !== undefined) reaper.watch(child.pid);
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.complaints = (this.complaints + text).slice(-4000);
    });
    child.on('error', (error: NodeJS.ErrnoException) => this.end(notStarted(error)));
    child.once('close', (code, signal) => {
      this.channel.close();
      this.end(this.crash(code, signal));
    });
  }

  get alive(): boolean {
    return this.ending === undefined;
  }

  get pid(): number | undefined {
    return this.channel.child.pid;
  }

  ask(request: OpenRequest | TurnRequest): Promise<Outcome> {
    const { timeoutMs, signal } = this.limits;
    if (this.ending !== undefined) return Promise.resolve(this.ending);
    if (signal?.aborted) return Promise.resolve(this.end({ kind: 'interrupted' }));
    return new Promise((resolve) => {
      const onAbort = (): void => void this.end({ kind: 'interrupted' });
      const timer = setTimeout(() => this.end({ kind: 'timeout', seconds: timeoutMs / 1000 }), timeoutMs);
      const watch = setInterval(() => this.watchMemory(), watchMs);
      signal?.addEventListener('abort', onAbort, { once: true });
      this.awaited = (outcome) => {
        clearTimeout(timer);
        clearInterval(watch);
        signal?.removeEventListener('abort', onAbort);
        resolve(outcome);
      };
      this.channel.child.kill('SIGCONT');
      this.channel.send(request);
    });
  }

  /** Ends the process, whatever it does. */
  end(outcome: Failure = { kind: 'interrupted' }): Failure {
    if (this.ending === undefined) {
      this.ending = outcome;
      if (this.pid !== undefined) this.reaper.forget(this.pid);
      this.channel.child.kill('SIGKILL');
    }
    this.settle(this.ending);
    return this.ending;
  }

  private settle(outcome: Outcome): void {
    const { awaited } = this;
    this.awaited = undefined;
    this.notePeak();
    if (this.ending === undefined) this.channel.child.kill('SIGSTOP');
    awaited?.(outcome);
  }

  private notePeak(): number {
    const memory = this.pid === undefined ? undefined : memoryOf(this.pid);
    this.peakBytes = Math.max(this.peakBytes, memory?.peak ?? 0);
    return memory?.now ?? 0;
  }

  private watchMemory(): void {
    const now = this.notePeak();
    const { memoryLimit } = this.limits;
    if (now > memoryLimit) {
      const reason = `took ${gibibytes(now)}, more than the limit of ${gibibytes(memoryLimit)}`;
      this.end({ kind: 'out-of-memory', reason });
    } else if (now > leastFreeBytes && (this.limits.available ?? availableBytes)() < leastFreeBytes) {
      this.end({ kind: 'out-of-memory', reason: `took ${gibibytes(now)}, and the machine had no more` });
    }
  }

  private crash(code: number | null, signal: NodeJS.Signals | null): Failure {
    if (signal === 'SIGKILL') return { kind: 'out-of-memory', reason: 'killed, probably out of memory (SIGKILL)' };
    if (signal !== null) {
      return { kind: 'crashed', reason: `${signalMeanings[signal] ?? 'ended by a signal'} (${signal})` };
    }
    const last = this.complaints.trim().split('\n').at(-1) ?? '';
    return { kind: 'crashed', reason: `process ended with exit code ${code}: ${last}` };
  }
}

function notStarted(error: NodeJS.ErrnoException): Failure {
  if (error.code !== 'ENOENT') return { kind: 'crashed', reason: error.message };
  const message = `can't be started: there is no ${error.path ?? 'such program'}; name another one`;
  return { kind: 'error', code: 'ENGINE_UNAVAILABLE', message };
}

/** What each signal means to a person. */
const signalMeanings: Partial<Record<NodeJS.Signals, string>> = {
  SIGSEGV: 'segmentation fault inside Paddle',
  SIGBUS: 'bad memory access inside Paddle',
  SIGABRT: 'aborted inside Paddle',
  SIGFPE: 'arithmetic fault inside Paddle',
  SIGILL: 'instruction that this CPU lacks',
};

function gibibytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(2)} GiB`;
}
