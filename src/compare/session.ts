import type { NamedBackend } from '../backends/named-backends';
import { OrphanGuard } from '../processes/orphan-guard';
import { availableBytes, gpuMemoryOf } from '../processes/process-memory';
import type { ComparedModel } from './compared-model';
import { type Failure, MeasuringProcess, type Outcome, type ProcessLimits } from './measuring-process';
import type { Reply, TurnRequest } from './measuring-protocol';
import type { CompareStep, Protocol } from './options';
import type { PlannedBackend } from './planned-backends';
import { roundOrders } from './statistics';

type Opened = Extract<Reply, { kind: 'opened' }>;
export type Turned = Extract<Reply, { kind: 'turned' }>;

/** A batch size and how many images a second it gave, or why it gave none. */
export type Throughput =
  | { readonly kind: 'measured'; readonly batch: number; readonly imagesPerSecond: number }
  | { readonly kind: 'unavailable'; readonly batch: number; readonly reason: string };

/** What is known of one backend so far. */
export interface BackendRun {
  readonly backend: NamedBackend;
  /** Whether its parameters are other ones than the compared model's. */
  readonly ownWeights: boolean;
  /** Undefined until it was loaded. */
  opened?: Opened;
  /** By round; a backend that failed has fewer. */
  readonly turns: Turned[];
  readonly throughput: Throughput[];
  failure?: Failure | { readonly kind: 'unavailable'; readonly reason: string };
  peakBytes: number;
  gpuBytes?: number;
  /** How often it was loaded again because all together did not fit into memory. */
  reloads: number;
}

/** Memory that has to be left for the next process, at least. */
const leastRoomBytes = 2 ** 30;
const laterWarmup = 2;

/**
 * Measures backends in interleaved rounds. All are loaded once and kept, each in a process that is stopped while others run;
 * where memory runs short those that wait are ended, and loaded again for their turn.
 */
export class Session {
  readonly tracks: readonly BackendRun[];
  /** Called when a backend was loaded for the first time; nothing is measured until it is done. */
  onOpened: (track: BackendRun) => Promise<void> = async () => undefined;
  /** In which order each round measures, by place in `tracks`. */
  readonly orders: readonly (readonly number[])[];
  private readonly guard = new OrphanGuard();
  private readonly processes = new Map<BackendRun, MeasuringProcess>();

  constructor(
    private readonly plannedBackends: readonly PlannedBackend[],
    private readonly subject: ComparedModel,
    private readonly protocol: Protocol,
    private readonly limits: ProcessLimits,
    /** Called before each step with what it is. */
    private readonly onStep: (step: CompareStep, track: BackendRun) => void,
  ) {
    this.tracks = plannedBackends.map((candidate): BackendRun => {
      const { backend } = candidate;
      const ownWeights = candidate.kind === 'ready' && candidate.ownWeights;
      const track: BackendRun = { backend, ownWeights, turns: [], throughput: [], peakBytes: 0, reloads: 0 };
      if (candidate.kind === 'unavailable') track.failure = { kind: 'unavailable', reason: candidate.reason };
      return track;
    });
    this.orders = roundOrders(plannedBackends.length, protocol.rounds, protocol.seed);
  }

  /** Never throws; what went wrong is in the tracks. */
  async run(): Promise<void> {
    try {
      for (const [i, track] of this.live().entries()) await this.load(track, i + 1);
      for (const [round, order] of this.orders.entries()) {
        for (const at of order) await this.takeTurn(this.tracks[at] as BackendRun, round);
      }
      for (const [i, size] of this.protocol.batchSizes.entries()) {
        for (const at of this.orders[i % this.orders.length] ?? [])
          await this.takeBatch(this.tracks[at] as BackendRun, size);
      }
    } finally {
      for (const process of this.processes.values()) process.end();
      this.guard.end();
    }
  }

  private live(): BackendRun[] {
    return this.tracks.filter(({ failure }) => failure === undefined);
  }

  private async load(track: BackendRun, number: number): Promise<void> {
    const count = this.plannedBackends.filter(({ kind }) => kind === 'ready').length;
    this.onStep({ phase: 'load', number, count, backend: track.backend.name }, track);
    const process = await this.processFor(track);
    if (process?.pid !== undefined && usesGpu(track.backend)) track.gpuBytes = await gpuMemoryOf(process.pid);
  }

  /** The backend's process, started and loaded if it is not there. */
  private async processFor(track: BackendRun): Promise<MeasuringProcess | undefined> {
    const known = this.processes.get(track);
    if (known?.alive) return known;
    const candidate = this.plannedBackends[this.tracks.indexOf(track)];
    if (candidate?.kind !== 'ready') return undefined;
    if (this.limits.signal?.aborted) {
      this.giveUp(track, { kind: 'interrupted' });
      return undefined;
    }
    this.makeRoom();
    const process = new MeasuringProcess(candidate.launch, this.limits, this.guard);
    this.processes.set(track, process);
    const outcome = await process.ask(candidate.request);
    track.peakBytes = Math.max(track.peakBytes, process.peakBytes);
    if (outcome.kind === 'opened') {
      if (track.opened !== undefined) {
        track.reloads++;
      } else {
        track.opened = outcome;
        await this.onOpened(track);
      }
      return process;
    }
    this.giveUp(track, outcome);
    return undefined;
  }

  /** Ends processes that wait, the oldest first, until another one fits. */
  private makeRoom(): void {
    const largest = Math.max(leastRoomBytes, ...this.tracks.map(({ peakBytes }) => peakBytes * 1.25));
    const waiting = [...this.processes].filter(([, process]) => process.alive);
    const available = this.limits.available ?? availableBytes;
    while (waiting.length > 0 && available() < largest) {
      const [track, process] = waiting.shift() as [BackendRun, MeasuringProcess];
      process.end();
      this.processes.delete(track);
    }
  }

  private async takeTurn(track: BackendRun, round: number): Promise<void> {
    const { runs, rounds, warmup, maxSeconds } = this.protocol;
    if (track.failure !== undefined) return;
    this.onStep({ phase: 'round', number: round + 1, count: rounds, backend: track.backend.name }, track);
    const fresh = this.processes.get(track)?.alive !== true || round === 0;
    const process = await this.processFor(track);
    if (process === undefined) return;
    const outcome = await process.ask({
      kind: 'turn',
      feeds: this.subject.feeds.map((_, i) => i),
      // The run that loading ended with was the first of these.
      warmup: fresh ? Math.max(0, warmup - 1) : Math.min(laterWarmup, warmup),
      runs: Math.floor(((round + 1) * runs) / rounds) - Math.floor((round * runs) / rounds),
      maxMs: (1000 * maxSeconds) / rounds,
    });
    this.note(track, process, outcome, (turned) => track.turns.push(turned));
  }

  private async takeBatch(track: BackendRun, batch: number): Promise<void> {
    if (track.failure !== undefined) return;
    const inputs = this.subject.batches.get(batch);
    if (inputs === undefined || typeof inputs === 'string') {
      track.throughput.push({ kind: 'unavailable', batch, reason: inputs ?? 'no inputs' });
      return;
    }
    const { batchSizes } = this.protocol;
    const number = batchSizes.indexOf(batch) + 1;
    this.onStep({ phase: 'batch', number, count: batchSizes.length, backend: track.backend.name }, track);
    const process = await this.processFor(track);
    if (process === undefined) return;
    const larger = [...this.subject.batches].filter(([, feed]) => typeof feed !== 'string').map(([size]) => size);
    const outcome = await process.ask(this.batchRequest(larger.indexOf(batch)));
    if (outcome.kind === 'turned') {
      const imagesPerSecond = (1000 * batch * outcome.latenciesMs.length) / outcome.wallMs;
      track.throughput.push({ kind: 'measured', batch, imagesPerSecond });
      track.peakBytes = Math.max(track.peakBytes, process.peakBytes);
      return;
    }
    // The rows at batch 1 stay what they are.
    const failure = outcome.kind === 'opened' ? 'answered out of turn' : describeFailure(outcome);
    track.throughput.push({ kind: 'unavailable', batch, reason: failure });
  }

  private batchRequest(place: number): TurnRequest {
    const { runs, rounds, maxSeconds } = this.protocol;
    return {
      kind: 'turn',
      feeds: [this.subject.feeds.length + place],
      warmup: laterWarmup,
      runs: Math.max(3, Math.ceil(runs / rounds)),
      maxMs: (1000 * maxSeconds) / rounds,
    };
  }

  private note(track: BackendRun, process: MeasuringProcess, outcome: Outcome, take: (turned: Turned) => void): void {
    track.peakBytes = Math.max(track.peakBytes, process.peakBytes);
    if (outcome.kind === 'turned') take(outcome);
    else this.giveUp(track, outcome);
  }

  private giveUp(track: BackendRun, outcome: Outcome): void {
    this.processes.get(track)?.end();
    track.failure =
      outcome.kind === 'opened' || outcome.kind === 'turned'
        ? { kind: 'error', code: undefined, message: 'answered out of turn' }
        : outcome;
  }
}

function usesGpu(backend: NamedBackend): boolean {
  return 'device' in backend && (backend.device ?? 'cpu') !== 'cpu';
}

/** What happened, in a sentence. */
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
