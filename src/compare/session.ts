import type { NamedBackend } from '../backends/named-backends';
import { OrphanGuard } from '../processes/orphan-guard';
import { availableBytes, gpuMemoryOf } from '../processes/process-memory';
import type { ComparedModel } from './compared-model';
import { type Failure, MeasuringProcess, type Outcome, type ProcessLimits } from './measuring-process';
import type { Reply, TurnRequest } from './measuring-protocol';
import type { CompareStep, Protocol } from './options';
import type { PlannedBackend } from './planned-backends';
import { roundOrders } from './round-orders';

type Opened = Extract<Reply, { kind: 'opened' }>;
export type TurnReply = Extract<Reply, { kind: 'turned' }>;

/** A batch size and its throughput in images per second, or the reason why there is none. */
export type Throughput =
  | { readonly kind: 'measured'; readonly batch: number; readonly imagesPerSecond: number }
  | { readonly kind: 'unavailable'; readonly batch: number; readonly reason: string };

/** The state of one backend during a comparison. */
export interface BackendRun {
  readonly backend: NamedBackend;
  /** Whether its parameters differ from those of the compared model. */
  readonly ownWeights: boolean;
  /** Undefined until it has been loaded. */
  opened?: Opened;
  /** By round; a backend that failed has fewer. */
  readonly turns: TurnReply[];
  readonly throughput: Throughput[];
  failure?: Failure | { readonly kind: 'unavailable'; readonly reason: string };
  peakBytes: number;
  gpuBytes?: number;
  /** How often it was loaded again because not all backends fitted into memory. */
  reloads: number;
}

/** Minimum free memory for the next process. */
const minFreeBytes = 2 ** 30;
const laterWarmup = 2;

/**
 * Measures backends in interleaved rounds. Each is loaded once and kept in its own process, which is paused while
 * others run; when memory runs short, waiting processes are ended and loaded again for their turn.
 */
export class Session {
  readonly backendRuns: readonly BackendRun[];
  /** Called when a backend was loaded for the first time; measuring starts only when it has returned. */
  onOpened: (run: BackendRun) => Promise<void> = async () => undefined;
  /** The order of the backends in each round, as indexes into `backendRuns`. */
  readonly orders: readonly (readonly number[])[];
  private readonly guard = new OrphanGuard();
  private readonly processes = new Map<BackendRun, MeasuringProcess>();

  constructor(
    private readonly plannedBackends: readonly PlannedBackend[],
    private readonly compared: ComparedModel,
    private readonly protocol: Protocol,
    private readonly limits: ProcessLimits,
    /** Called before each step. */
    private readonly onStep: (step: CompareStep, run: BackendRun) => void,
  ) {
    this.backendRuns = plannedBackends.map((candidate): BackendRun => {
      const { backend } = candidate;
      const ownWeights = candidate.kind === 'ready' && candidate.ownWeights;
      const run: BackendRun = { backend, ownWeights, turns: [], throughput: [], peakBytes: 0, reloads: 0 };
      if (candidate.kind === 'unavailable') run.failure = { kind: 'unavailable', reason: candidate.reason };
      return run;
    });
    this.orders = roundOrders(plannedBackends.length, protocol.rounds, protocol.seed);
  }

  /** Never throws; errors are recorded in the runs. */
  async run(): Promise<void> {
    try {
      for (const [i, run] of this.active().entries()) await this.load(run, i + 1);
      for (const [round, order] of this.orders.entries()) {
        for (const at of order) await this.takeTurn(this.backendRuns[at] as BackendRun, round);
      }
      for (const [i, size] of this.protocol.batchSizes.entries()) {
        for (const at of this.orders[i % this.orders.length] ?? [])
          await this.takeBatch(this.backendRuns[at] as BackendRun, size);
      }
    } finally {
      for (const process of this.processes.values()) process.end();
      this.guard.end();
    }
  }

  private active(): BackendRun[] {
    return this.backendRuns.filter(({ failure }) => failure === undefined);
  }

  private async load(run: BackendRun, number: number): Promise<void> {
    const count = this.plannedBackends.filter(({ kind }) => kind === 'ready').length;
    this.onStep({ phase: 'load', number, count, backend: run.backend.name }, run);
    const process = await this.processFor(run);
    if (process?.pid !== undefined && usesGpu(run.backend)) run.gpuBytes = await gpuMemoryOf(process.pid);
  }

  /** The backend's process; started and loaded if necessary. */
  private async processFor(run: BackendRun): Promise<MeasuringProcess | undefined> {
    const known = this.processes.get(run);
    if (known?.alive) return known;
    const candidate = this.plannedBackends[this.backendRuns.indexOf(run)];
    if (candidate?.kind !== 'ready') return undefined;
    if (this.limits.signal?.aborted) {
      this.fail(run, { kind: 'interrupted' });
      return undefined;
    }
    this.makeRoom();
    const process = new MeasuringProcess(candidate.launch, this.limits, this.guard);
    this.processes.set(run, process);
    const outcome = await process.ask(candidate.request);
    run.peakBytes = Math.max(run.peakBytes, process.peakBytes);
    if (outcome.kind === 'opened') {
      if (run.opened !== undefined) {
        run.reloads++;
      } else {
        run.opened = outcome;
        await this.onOpened(run);
      }
      return process;
    }
    this.fail(run, outcome);
    return undefined;
  }

  /** Ends waiting processes, oldest first, until there is enough memory for another one. */
  private makeRoom(): void {
    const largest = Math.max(minFreeBytes, ...this.backendRuns.map(({ peakBytes }) => peakBytes * 1.25));
    const waiting = [...this.processes].filter(([, process]) => process.alive);
    const available = this.limits.available ?? availableBytes;
    while (waiting.length > 0 && available() < largest) {
      const [run, process] = waiting.shift() as [BackendRun, MeasuringProcess];
      process.end();
      this.processes.delete(run);
    }
  }

  private async takeTurn(run: BackendRun, round: number): Promise<void> {
    const { runs, rounds, warmup, maxSeconds } = this.protocol;
    if (run.failure !== undefined) return;
    this.onStep({ phase: 'round', number: round + 1, count: rounds, backend: run.backend.name }, run);
    const fresh = this.processes.get(run)?.alive !== true || round === 0;
    const process = await this.processFor(run);
    if (process === undefined) return;
    const outcome = await process.ask({
      kind: 'turn',
      feeds: this.compared.feeds.map((_, i) => i),
      // Loading includes one run, which counts as the first warm-up run.
      warmup: fresh ? Math.max(0, warmup - 1) : Math.min(laterWarmup, warmup),
      runs: Math.floor(((round + 1) * runs) / rounds) - Math.floor((round * runs) / rounds),
      maxMs: (1000 * maxSeconds) / rounds,
    });
    this.record(run, process, outcome, (turned) => run.turns.push(turned));
  }

  private async takeBatch(run: BackendRun, batch: number): Promise<void> {
    if (run.failure !== undefined) return;
    const inputs = this.compared.batches.get(batch);
    if (inputs === undefined || typeof inputs === 'string') {
      run.throughput.push({ kind: 'unavailable', batch, reason: inputs ?? 'no inputs' });
      return;
    }
    const { batchSizes } = this.protocol;
    const number = batchSizes.indexOf(batch) + 1;
    this.onStep({ phase: 'batch', number, count: batchSizes.length, backend: run.backend.name }, run);
    const process = await this.processFor(run);
    if (process === undefined) return;
    const larger = [...this.compared.batches].filter(([, feed]) => typeof feed !== 'string').map(([size]) => size);
    const outcome = await process.ask(this.batchRequest(larger.indexOf(batch)));
    if (outcome.kind === 'turned') {
      const imagesPerSecond = (1000 * batch * outcome.latenciesMs.length) / outcome.wallMs;
      run.throughput.push({ kind: 'measured', batch, imagesPerSecond });
      run.peakBytes = Math.max(run.peakBytes, process.peakBytes);
      return;
    }
    // The rows at batch 1 stay unchanged.
    const failure = outcome.kind === 'opened' ? 'gave an unexpected answer' : describeFailure(outcome);
    run.throughput.push({ kind: 'unavailable', batch, reason: failure });
  }

  private batchRequest(place: number): TurnRequest {
    const { runs, rounds, maxSeconds } = this.protocol;
    return {
      kind: 'turn',
      feeds: [this.compared.feeds.length + place],
      warmup: laterWarmup,
      runs: Math.max(3, Math.ceil(runs / rounds)),
      maxMs: (1000 * maxSeconds) / rounds,
    };
  }

  private record(
    run: BackendRun,
    process: MeasuringProcess,
    outcome: Outcome,
    take: (turned: TurnReply) => void,
  ): void {
    run.peakBytes = Math.max(run.peakBytes, process.peakBytes);
    if (outcome.kind === 'turned') take(outcome);
    else this.fail(run, outcome);
  }

  private fail(run: BackendRun, outcome: Outcome): void {
    this.processes.get(run)?.end();
    run.failure =
      outcome.kind === 'opened' || outcome.kind === 'turned'
        ? { kind: 'error', code: undefined, message: 'gave an unexpected answer' }
        : outcome;
  }
}

function usesGpu(backend: NamedBackend): boolean {
  return 'device' in backend && (backend.device ?? 'cpu') !== 'cpu';
}

/** The failure as a sentence. */
export function describeFailure(failure: NonNullable<BackendRun['failure']>): string {
  switch (failure.kind) {
    case 'error':
      return failure.message;
    case 'timeout':
      return `gave no result within ${failure.seconds} s`;
    case 'interrupted':
      return 'cancelled';
    case 'unavailable':
    case 'crashed':
    case 'out-of-memory':
      return failure.reason;
  }
}
