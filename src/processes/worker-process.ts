import type { OrphanGuard } from './orphan-guard';
import { availableBytes, memoryOf } from './process-memory';
import type { StartChannel, WorkerChannel } from './worker-channel';

/** Why a worker process gave no reply; for users. */
export type WorkerFailure =
  /** The system could not start it; `missing` is the program that was not found. */
  | { readonly kind: 'not-started'; readonly reason: string; readonly missing?: string }
  /** It ended by itself; `lasting` if it would do so again, as after a fault inside Paddle. */
  | { readonly kind: 'crashed'; readonly reason: string; readonly lasting: boolean }
  | { readonly kind: 'out-of-memory'; readonly reason: string }
  | { readonly kind: 'timeout'; readonly seconds: number }
  | { readonly kind: 'interrupted' };

export interface WorkerLimits {
  /** Milliseconds that one request may take. */
  readonly timeoutMs: number;
  /** Bytes of memory that the process may take; no limit by default. */
  readonly memoryLimit?: number;
  /** Available memory in bytes; by default as reported by the system. */
  readonly available?: () => number;
  readonly signal?: AbortSignal;
}

export interface WorkerOptions {
  /**
   * Pauses the process between requests: Paddle's threads spin-wait for a while after a run, which would slow down the
   * process that is measured next. A paused process can't notice that its parent is gone, so the guard kills it then.
   */
  readonly pauseWith?: OrphanGuard;
}

/** Interval at which the memory of a busy process is checked. */
const watchMs = 50;
/** With less free memory than this, the system may start to kill processes. */
const leastFreeBytes = 256 * 2 ** 20;
/** Number of characters kept from the end of its stderr, which gives the reason of a failure. */
const keptStderr = 4000;

/** Each signal in words; all of these would occur again. */
const signalMeanings: Partial<Record<NodeJS.Signals, string>> = {
  SIGSEGV: 'segmentation fault inside Paddle',
  SIGBUS: 'bad memory access inside Paddle',
  SIGABRT: 'aborted inside Paddle',
  SIGFPE: 'arithmetic fault inside Paddle',
  SIGILL: 'instruction that this CPU lacks',
};

/**
 * A process that answers requests one after the other, with time and memory limits, an abort signal, the end of its
 * stderr as the reason of a crash, and without leaving orphans. It never throws: failures are part of the outcome.
 */
export class WorkerProcess<Request, Reply> {
  /** Peak memory in bytes. */
  peakBytes = 0;
  private readonly channel: WorkerChannel<Request>;
  private ending: WorkerFailure | undefined;
  private awaited: ((outcome: Reply | WorkerFailure) => void) | undefined;
  private stderr = '';

  constructor(
    start: StartChannel<Request, Reply>,
    private readonly options: WorkerOptions = {},
  ) {
    this.channel = start((reply) => this.settle(reply));
    const { child } = this.channel;
    if (child.pid !== undefined) options.pauseWith?.watch(child.pid);
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.stderr = (this.stderr + text).slice(-keptStderr);
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

  /** Sends a request; settles with the reply, or with the failure. */
  ask(request: Request, limits: WorkerLimits): Promise<Reply | WorkerFailure> {
    const { timeoutMs, signal } = limits;
    if (this.ending !== undefined) return Promise.resolve(this.ending);
    if (signal?.aborted) return Promise.resolve(this.end({ kind: 'interrupted' }));
    return new Promise((resolve) => {
      const onAbort = (): void => void this.end({ kind: 'interrupted' });
      const timer = setTimeout(() => this.end({ kind: 'timeout', seconds: timeoutMs / 1000 }), timeoutMs);
      const watch = limits.memoryLimit === undefined ? undefined : setInterval(() => this.watchMemory(limits), watchMs);
      signal?.addEventListener('abort', onAbort, { once: true });
      this.awaited = (outcome) => {
        clearTimeout(timer);
        clearInterval(watch);
        signal?.removeEventListener('abort', onAbort);
        resolve(outcome);
      };
      if (this.options.pauseWith !== undefined) this.channel.child.kill('SIGCONT');
      this.channel.send(request);
    });
  }

  /** Kills the process, whatever it does. */
  end(outcome: WorkerFailure = { kind: 'interrupted' }): WorkerFailure {
    if (this.ending === undefined) {
      this.ending = outcome;
      if (this.pid !== undefined) this.options.pauseWith?.forget(this.pid);
      this.channel.child.kill('SIGKILL');
    }
    this.settle(this.ending);
    return this.ending;
  }

  private settle(outcome: Reply | WorkerFailure): void {
    const { awaited } = this;
    this.awaited = undefined;
    this.notePeak();
    if (this.options.pauseWith !== undefined && this.alive) this.channel.child.kill('SIGSTOP');
    awaited?.(outcome);
  }

  private notePeak(): number {
    const memory = this.pid === undefined ? undefined : memoryOf(this.pid);
    this.peakBytes = Math.max(this.peakBytes, memory?.peak ?? 0);
    return memory?.now ?? 0;
  }

  private watchMemory({ memoryLimit = Number.POSITIVE_INFINITY, available = availableBytes }: WorkerLimits): void {
    const now = this.notePeak();
    if (now > memoryLimit) {
      const reason = `took ${gibibytes(now)}, more than the limit of ${gibibytes(memoryLimit)}`;
      this.end({ kind: 'out-of-memory', reason });
    } else if (now > leastFreeBytes && available() < leastFreeBytes) {
      this.end({ kind: 'out-of-memory', reason: `took ${gibibytes(now)}, and no more memory was available` });
    }
  }

  private crash(code: number | null, signal: NodeJS.Signals | null): WorkerFailure {
    if (signal === 'SIGKILL') return { kind: 'out-of-memory', reason: 'killed, probably out of memory (SIGKILL)' };
    if (signal !== null) {
      const meaning = signalMeanings[signal];
      const reason = `${meaning ?? 'ended by a signal'} (${signal})`;
      return { kind: 'crashed', reason, lasting: meaning !== undefined };
    }
    const last = this.stderr.trim().split('\n').at(-1) ?? '';
    return { kind: 'crashed', reason: `process ended with exit code ${code}: ${last}`, lasting: false };
  }
}

function notStarted({ code, path: missing, message }: NodeJS.ErrnoException): WorkerFailure {
  return { kind: 'not-started', reason: message, ...(code === 'ENOENT' && missing !== undefined ? { missing } : {}) };
}

function gibibytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(2)} GiB`;
}
