import type { Dispatcher } from 'undici';

/** An answer whose body is not read yet. */
export interface HttpAnswer {
  readonly status: number;
  /** By names in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: AnswerBody;
}

/** The body of an answer: either read, or destroyed. */
export interface AnswerBody {
  /** How many bytes of it have come so far. */
  readonly size: number;
  /**
   * Passes on all of it, as it comes. What `take` throws closes the connection and is thrown here.
   *
   * @throws errors of Node and undici, for `failureOf`
   */
  read(take: (chunk: Buffer) => void): Promise<void>;
  /** Closes it unread; does nothing after it was read. */
  destroy(): void;
}

/** Chunks that wait for `read`, before the server has to wait too. */
const waitingBytes = 2 ** 18;

/**
 * One exchange with a server, for undici's `dispatch`. Its own streams of answers cost more time than the rest of a
 * request to this machine.
 */
export class Exchange implements Dispatcher.DispatchHandlers, AnswerBody {
  /** Resolves when the head of the answer is here. */
  readonly answer: Promise<HttpAnswer>;
  size = 0;
  private resolve!: (answer: HttpAnswer) => void;
  private reject!: (error: unknown) => void;
  private abort: ((reason?: Error) => void) | undefined;
  private resume: (() => void) | undefined;
  private waiting: Buffer[] = [];
  /** Whether the server waits for `read`. */
  private waits = false;
  private take: ((chunk: Buffer) => void) | undefined;
  private ended: { readonly error: unknown } | undefined;
  private onEnd: (() => void) | undefined;
  private readonly onAbort = (): void => this.close(this.signal?.reason);

  constructor(private readonly signal: AbortSignal | undefined) {
    this.answer = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    signal?.addEventListener('abort', this.onAbort, { once: true });
  }

  onConnect(abort: () => void): void {
    if (this.ended === undefined) this.abort = abort;
    else abort();
  }

  onHeaders(status: number, pairs: Buffer[], resume: () => void): boolean {
    this.resume = resume;
    // 103 and the like announce another answer.
    if (status >= 200) this.resolve({ status, headers: headersOf(pairs), body: this });
    return true;
  }

  onData(chunk: Buffer): boolean {
    if (this.ended !== undefined) return false;
    this.size += chunk.length;
    if (this.take !== undefined) {
      this.pass(chunk);
      return true;
    }
    this.waiting.push(chunk);
    this.waits = this.size >= waitingBytes;
    return !this.waits;
  }

  onComplete(): void {
    this.end(undefined);
  }

  onError(error: Error): void {
    this.end(error);
  }

  async read(take: (chunk: Buffer) => void): Promise<void> {
    this.take = take;
    const waiting = this.waiting;
    this.waiting = [];
    for (const chunk of waiting) this.pass(chunk);
    if (this.waits) this.resume?.();
    if (this.ended === undefined) await new Promise<void>((resolve) => (this.onEnd = resolve));
    if (this.ended?.error !== undefined) throw this.ended.error;
  }

  destroy(): void {
    this.close(new Error('The answer was not read to its end'));
  }

  private pass(chunk: Buffer): void {
    if (this.ended?.error !== undefined) return;
    try {
      this.take?.(chunk);
    } catch (error) {
      // The server may have sent all of it already.
      if (this.ended === undefined) this.close(error);
      else this.ended = { error };
    }
  }

  /** Ends it from this side: the connection can't be used again. */
  private close(reason: unknown): void {
    if (this.ended !== undefined) return;
    this.end(reason ?? new Error('aborted'));
    this.abort?.();
  }

  private end(error: unknown): void {
    this.signal?.removeEventListener('abort', this.onAbort);
    this.ended ??= { error };
    this.reject(error);
    this.onEnd?.();
  }
}

function headersOf(pairs: readonly Buffer[]): HttpAnswer['headers'] {
  const headers: Record<string, string | string[]> = Object.create(null);
  for (let i = 0; i + 1 < pairs.length; i += 2) {
    const name = pairs[i]!.toString('latin1').toLowerCase();
    const value = pairs[i + 1]!.toString('latin1');
    const before = headers[name];
    headers[name] = before === undefined ? value : [before, value].flat();
  }
  return headers;
}
