import { PaddleLabError } from '../../errors';
import type { RunInputs } from '../../inference/feeds';
import type { RunOptions } from '../../inference/predictor';
import type { DeclaredInput } from '../../inference/program-ports';
import type { Tensor } from '../../inference/tensor';
import type { TimeRunsOptions } from '../../inference/timed-runs';
import { nodeChannel } from '../../processes/worker-channel';
import { type WorkerFailure, WorkerProcess } from '../../processes/worker-process';
import { abortError, throwIfAborted } from '../../validate';
import type { BackendKind, SessionModel } from '../backend-kind';
import { checkPaddleOptions, type PaddleOptions, paddleOptionKeys, whyPaddleUnavailable } from '../paddle/paddle';
import type { PaddleInfo } from '../paddle/session';
import type { InferenceSession } from '../session';
import type { ProcessReply, ProcessRequest } from './process-protocol';

/** Paddle's predictor in a separate process. */
export interface PaddleProcessOptions extends PaddleOptions {
  readonly kind: 'paddle-process';
  /** Timeout of a run in seconds, after which the process is killed; none by default. */
  readonly timeoutSeconds?: number;
}

/**
 * The native predictor in a separate process, so that a crash of Paddle ends only that process. Tensors are copied
 * between the processes.
 */
export const paddleProcess: BackendKind<PaddleProcessOptions> = {
  kind: 'paddle-process',
  optionKeys: [...paddleOptionKeys, 'timeoutSeconds'],
  check: checkPaddleOptions,
  whyUnavailable: whyPaddleUnavailable,
  open: (options, model, { signal }) => ProcessSession.open(options, model, signal),
};

type Worker = WorkerProcess<ProcessRequest, ProcessReply>;

class ProcessSession implements InferenceSession {
  private last: Promise<unknown> = Promise.resolve();
  private disposed = false;

  private constructor(
    private readonly worker: Worker,
    private readonly options: PaddleProcessOptions,
    private readonly model: SessionModel,
    readonly info: PaddleInfo,
    readonly inputs: readonly DeclaredInput[],
    readonly outputNames: readonly string[],
  ) {}

  static async open(
    options: PaddleProcessOptions,
    model: SessionModel,
    signal: AbortSignal | undefined,
  ): Promise<ProcessSession> {
    const worker: Worker = new WorkerProcess(nodeChannel('backends/paddle-process/child.js'));
    try {
      const { kind, name, timeoutSeconds, ...paddle } = options;
      const { spec, ...files } = model;
      const limits = { timeoutMs: timeoutMsOf(options), ...(signal === undefined ? {} : { signal }) };
      const reply = replyOf(await worker.ask({ kind: 'open', options: paddle, model: files }, limits), signal);
      if (reply.kind !== 'opened') throw new Error(`Unexpected reply ${reply.kind}`);
      const info = { ...reply.info, backend: 'paddle-process' };
      return new ProcessSession(worker, options, model, info, reply.inputs, reply.outputNames);
    } catch (error) {
      worker.end();
      throw error;
    }
  }

  async run(inputs: RunInputs, { signal }: RunOptions = {}): Promise<Tensor[]> {
    const reply = await this.ask({ kind: 'run', inputs }, signal);
    if (reply.kind !== 'ran') throw new Error(`Unexpected reply ${reply.kind}`);
    return [...reply.outputs];
  }

  async timeRuns(inputs: readonly RunInputs[], { signal, ...options }: TimeRunsOptions): Promise<number[]> {
    const reply = await this.ask({ kind: 'time', inputs, options }, signal);
    if (reply.kind !== 'timed') throw new Error(`Unexpected reply ${reply.kind}`);
    return [...reply.milliseconds];
  }

  copy(): Promise<ProcessSession> {
    return ProcessSession.open({ ...this.options, ...this.info, kind: 'paddle-process' }, this.model, undefined);
  }

  async dispose(): Promise<void> {
    this.disposed = true;
    await this.last.catch(() => undefined);
    this.worker.end();
  }

  /** Sends one request at a time; a cancelled one finishes in the background, and its reply is dropped. */
  private async ask(request: ProcessRequest, signal: AbortSignal | undefined): Promise<ProcessReply> {
    if (this.disposed) throw new PaddleLabError('DISPOSED', 'This session was disposed before');
    throwIfAborted(signal);
    const before = this.last;
    const outcome = before
      .catch(() => undefined)
      .then(() => this.worker.ask(request, { timeoutMs: timeoutMsOf(this.options) }));
    this.last = outcome;
    if (signal === undefined) return replyOf(await outcome, signal);
    return new Promise((resolve, reject) => {
      const onAbort = (): void => reject(abortError(signal));
      signal.addEventListener('abort', onAbort, { once: true });
      outcome
        .then((value) => resolve(replyOf(value, signal)))
        .catch(reject)
        .finally(() => signal.removeEventListener('abort', onAbort));
    });
  }
}

/** The maximum delay of Node's timers, about 24 days. */
const longest = 2 ** 31 - 1;

function timeoutMsOf({ timeoutSeconds }: PaddleProcessOptions): number {
  return timeoutSeconds === undefined ? longest : 1000 * timeoutSeconds;
}

/** @throws PaddleLabError Paddle's error, or how its process ended */
function replyOf(outcome: ProcessReply | WorkerFailure, signal: AbortSignal | undefined): ProcessReply {
  switch (outcome.kind) {
    case 'opened':
    case 'ran':
    case 'timed':
      return outcome;
    case 'error':
      throw new PaddleLabError(outcome.code, outcome.message);
    case 'interrupted':
      throw signal?.aborted
        ? abortError(signal)
        : new PaddleLabError('DISPOSED', "The session's process was terminated");
    case 'timeout':
      throw new PaddleLabError(
        'PREDICTOR_RUN_FAILED',
        `Paddle gave no result within ${outcome.seconds} s; load the model again`,
      );
    case 'not-started':
    case 'crashed':
    case 'out-of-memory':
      throw new PaddleLabError(
        'PREDICTOR_RUN_FAILED',
        `Paddle's process ended: ${outcome.reason}; load the model again`,
      );
  }
}
