import type { PaddleLabErrorCode } from '../errors';
import type { OrphanGuard } from '../processes/orphan-guard';
import { type WorkerFailure, type WorkerLimits, WorkerProcess } from '../processes/worker-process';
import { type Launch, startChannel } from './channel';
import type { OpenRequest, Reply, TurnRequest } from './measuring-protocol';

/** Why a backend has no times; for people. */
export type Failure =
  | { readonly kind: 'error'; readonly code: PaddleLabErrorCode | undefined; readonly message: string }
  | Exclude<WorkerFailure, { kind: 'not-started' }>;

/** How a step of a process that measures ended; nothing is ever thrown. */
export type Outcome = Exclude<Reply, { kind: 'error' }> | Failure;

export interface ProcessLimits extends WorkerLimits {
  readonly memoryLimit: number;
}

/** A process that holds one backend; stopped between requests, so that it takes nothing from the one that is measured. */
export class MeasuringProcess {
  private readonly worker: WorkerProcess<OpenRequest | TurnRequest, Reply>;

  constructor(
    launch: Launch,
    private readonly limits: ProcessLimits,
    guard: OrphanGuard,
  ) {
    this.worker = new WorkerProcess(startChannel(launch), { pauseWith: guard });
  }

  /** Most memory that it had at once, in bytes. */
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
  const message = `can't be started: there is no ${missing}; name another one`;
  return { kind: 'error', code: 'ENGINE_UNAVAILABLE', message };
}
