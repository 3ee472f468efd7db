import { wait } from '../../http/retries';
import { abortError, throwIfAborted } from '../../validate';
import type { ModelServer, PooledServer } from './model-server';
import { RemoteError } from './remote-error';

export interface PoolLimits {
  readonly timeoutMs: number;
  readonly retries: number;
  /** What the names of options begin with, for errors; `backend.` by default. */
  readonly options?: string;
}

/** The first pause before a repetition; it doubles with each. */
const firstPauseMs = 100;
const longestPauseMs = 10_000;

/** Servers that share the load: each request goes to the one with the least to do. */
export class ServerPool<S extends PooledServer = ModelServer> {
  private turn = 0;

  constructor(
    readonly servers: readonly S[],
    private readonly limits: PoolLimits,
  ) {}

  /**
   * Asks a server, and again or another one while that may help.
   *
   * @throws PaddleLabError REMOTE_FAILED, MODEL_NOT_FOUND, ABORTED
   */
  async ask<T>(request: (server: S, signal: AbortSignal) => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    throwIfAborted(signal);
    const deadline = new Deadline(this.limits, signal);
    try {
      for (let tries = 1; ; tries++) {
        const server = this.choose();
        const failure = await this.tryOne(server, (one) => request(one, deadline.signal));
        if ('value' in failure) return failure.value;
        const error = deadline.explain(server.url, failure.error);
        if (!(error instanceof RemoteError) || !error.mayRepeat) throw error;
        if (tries > this.limits.retries) throw afterTries(error, tries);
        const pause = error.waitMs ?? pauseOf(tries);
        if (pause >= deadline.left) throw afterTries(error, tries);
        server.restsUntil = performance.now() + pause;
        const others = this.servers.some(({ restsUntil }) => restsUntil <= performance.now());
        if (!others) await this.pause(pause, server, deadline);
      }
    } finally {
      deadline.end();
    }
  }

  private async tryOne<T>(
    server: S,
    request: (server: S) => Promise<T>,
  ): Promise<{ readonly value: T } | { readonly error: unknown }> {
    server.running++;
    try {
      const value = await request(server);
      server.restsUntil = 0;
      return { value };
    } catch (error) {
      return { error };
    } finally {
      server.running--;
    }
  }

  private async pause(ms: number, { url }: S, deadline: Deadline): Promise<void> {
    await wait(ms, deadline.signal).catch((error: unknown) => {
      throw deadline.explain(url, error);
    });
  }

  /** Of those that do not rest, the one with the fewest runs; of equal ones, each in turn. */
  private choose(): S {
    const now = performance.now();
    const { servers } = this;
    const awake = servers.filter(({ restsUntil }) => restsUntil <= now);
    const candidates = awake.length > 0 ? awake : servers;
    const least = Math.min(...candidates.map(({ running }) => running));
    const free = candidates.filter(({ running }) => running === least);
    return free[this.turn++ % free.length]!;
  }
}

/** Half of it at random, so that many clients do not come back at once. */
function pauseOf(tries: number): number {
  const pause = Math.min(longestPauseMs, firstPauseMs * 2 ** (tries - 1));
  return pause * (0.5 + Math.random() / 2);
}

function afterTries(error: RemoteError, tries: number): RemoteError {
  if (tries === 1) return error;
  const url = error.message.slice(0, -`: ${error.reason}`.length);
  return new RemoteError(url, `${error.reason} (asked ${tries} times)`, { cause: error, code: error.code });
}

/** The end of a request: its time is over, or the user's signal fired. */
class Deadline {
  private readonly controller = new AbortController();
  private readonly started = performance.now();
  private readonly timer: NodeJS.Timeout;
  private readonly onAbort = (): void => this.controller.abort(this.user?.reason);
  private expired = false;

  constructor(
    private readonly limits: PoolLimits,
    private readonly user: AbortSignal | undefined,
  ) {
    this.timer = setTimeout(() => {
      this.expired = true;
      this.controller.abort();
    }, limits.timeoutMs);
    user?.addEventListener('abort', this.onAbort, { once: true });
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  get left(): number {
    return this.limits.timeoutMs - (performance.now() - this.started);
  }

  explain(url: string, error: unknown): unknown {
    if (this.user?.aborted) return abortError(this.user);
    if (!this.expired) return error;
    const { timeoutMs, options = 'backend.' } = this.limits;
    const text = `no complete answer within ${timeoutMs} ms; is the server overloaded? ${options}timeoutMs sets another limit`;
    return new RemoteError(url, text, { cause: error });
  }

  end(): void {
    clearTimeout(this.timer);
    this.user?.removeEventListener('abort', this.onAbort);
  }
}
