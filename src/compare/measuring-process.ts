import type { PaddleLabErrorCode } from '../errors';
import type { OrphanGuard } from '../processes/orphan-guard';
import { type WorkerFailure, type WorkerLimits, WorkerProcess } from '../processes/worker-process';
import { type Launch, startChannel } from './channel';
import type { OpenRequest, Reply, TurnRequest } from './measuring-protocol';

/** Why a backend has no times, as text for people. */
export type Failure =
  | { readonly kind: 'error'; readonly code: PaddleLabErrorCode | undefined; readonly message: string }
  | Exclude<WorkerFailure, { kind: 'not-started' }>;

/** The outcome of a step of a measuring process; errors are never thrown. */
export type Outcome = Exclude<Reply, { kind: 'error' }> | Failure;

export interface ProcessLimits extends WorkerLimits {
  readonly memoryLimit: number;
}

/** A process for one backend; paused between requests, so that it does not slow down the backend being measured. */
export class MeasuringProcess {
  private readonly worker: WorkerProcess<OpenRequest | TurnRequest, Reply>;

  constructor(
    launch: Launch,
    private readonly limits: ProcessLimits,
    guard: OrphanGuard,
  ) {
    this.worker = new WorkerProcess(startChannel(launch), { pauseWith: guard });
  }

  /** Its peak memory in bytes. */
  get peakBytes(): number {
    return this.worker.peakBytes;
  }

  get alive(): boolean {
    return this.worker.alive;
  }

  get pid(): number | undefined {
    return this.worker.pid;
  }

  async ask(request: OpenRequest | TurnRequest): Promise<Outcome> {
    const outcome = await this.worker.ask(request, this.limits);
    return outcome.kind === 'not-started' ? notStarted(outcome) : outcome;
  }

  end(): void {
    this.worker.end();
  }
}

function notStarted({ reason, missing }: Extract<WorkerFailure, { kind: 'not-started' }>): Failure {
  if (missing === undefined) return { kind: 'crashed', reason, lasting: false };
  const message = `can't be started: ${missing} does not exist; choose another one`;
  return { kind: 'error', code: 'ENGINE_UNAVAILABLE', message };
}
