import { type Agreement, agreementShare, agreesFully } from '../agreement/agreements';
import { compareOutputs, type OutputDifference } from '../agreement/output-difference';
import { tolerances } from '../agreement/tolerances';
import { isPaddle, type NamedBackend } from '../backends/named-backends';
import type { PredictResult } from '../results';
import { agreementOf } from './compare-results';
import { type BackendRun, describeFailure, type Throughput } from './session';
import { median, pairedRatio, type Ratio, summarize } from './statistics';

/** What a backend took, and what it found. */
export interface MeasuredRow {
  readonly kind: 'measured';
  /** Its name. */
  readonly backend: string;
  /** What it is. */
  readonly settings: NamedBackend;
  /** Such as `Paddle 3.3.1`. */
  readonly library: string;
  /**
   * Times of a run in milliseconds, as a loop in Python measures them: inputs handed over (copied, but with the OpenVINO
   * engine), the model, outputs copied out.
   */
  readonly medianMs: number;
  readonly p90Ms: number;
  readonly p99Ms: number;
  readonly meanMs: number;
  readonly standardDeviationMs: number;
  readonly minMs: number;
  readonly maxMs: number;
  /** Counted runs. */
  readonly runs: number;
  /** The time of each run, by round. */
  readonly roundsMs: readonly (readonly number[])[];
  readonly loadMs: number;
  readonly firstRunMs: number;
  /** Medians of the stages; absent where only the network was measured. */
  readonly stages?: { readonly preprocessMs: number; readonly inferenceMs: number; readonly postprocessMs: number };
  /** Images a second: by time at batch 1, and for the batch sizes that were asked for. */
  readonly throughput: readonly Throughput[];
  /** Most memory of its process at once, in bytes. */
  readonly peakMemory: number;
  /** Memory on GPUs after the first run, in bytes; absent where it can't be read. */
  readonly gpuMemory?: number;
  /** How often it was loaded again because not all backends fitted into memory; 0 is best. */
  readonly reloads: number;
  /** How many times faster than the baseline; undefined without one or with one round. */
  readonly speedup: Ratio | undefined;
  /** Against the baseline; undefined where there is none. */
  readonly agreement: Agreement | undefined;
  /**
   * Whether that is full: nothing beyond what this precision's arithmetic explains. Where only the weights differ (the
   * same kernels and threads) nothing explains any difference, and other weights are one whatever these images show.
   */
  readonly agrees: boolean;
  /** Of the network's own outputs; undefined where their shapes differ. */
  readonly outputs: OutputDifference | undefined;
  /** Whether its parameters are other ones than the compared model's: a backend with a `model` of its own. */
  readonly ownWeights: boolean;
}

/** What became of one backend. */
export type BackendRow =
  | MeasuredRow
  | {
      /**
       * `unavailable`: this runtime or machine has it not; `failed`: Paddle refused the model; `crashed`: the process
       * died; `out-of-memory`: it took too much; `timeout`: it took too long; `interrupted`: it was cancelled;
       * `pending`: not measured yet.
       */
      readonly kind: 'unavailable' | 'failed' | 'crashed' | 'out-of-memory' | 'timeout' | 'interrupted' | 'pending';
      readonly backend: string;
      readonly settings: NamedBackend;
      readonly reason: string;
    };

/** Makes rows of tracks; what compares with the baseline is worked out once a backend. */
export class RowMaker {
  private readonly compared = new Map<BackendRun, Pick<MeasuredRow, 'agreement' | 'outputs' | 'agrees'>>();
  private baselineOfCompared: BackendRun | undefined;

  constructor(
    private readonly wanted: string | undefined,
    /** What the outputs of each backend stand for; a text says why that can't be read. */
    private readonly findings: ReadonlyMap<BackendRun, readonly PredictResult[] | string>,
  ) {}

  /** The named one; else the first plain one; else the first in float32. */
  baselineOf(tracks: readonly BackendRun[]): BackendRun | undefined {
    const usable = tracks.filter((track) => isMeasured(track) && typeof this.findings.get(track) === 'object');
    if (this.wanted !== undefined) return usable.find(({ backend }) => backend.name === this.wanted);
    const own = usable.filter(({ backend }) => isPaddle(backend) && backend.model === undefined);
    const plain = own.find(({ backend }) => 'engine' in backend && backend.engine === 'plain' && onCpu(backend));
    return plain ?? own.find(({ backend }) => (backend.precision ?? 'fp32') === 'fp32');
  }

  rows(tracks: readonly BackendRun[], pending: (track: BackendRun) => string): BackendRow[] {
    const baseline = this.baselineOf(tracks);
    if (baseline !== this.baselineOfCompared) this.compared.clear();
    this.baselineOfCompared = baseline;
    return tracks.map((track) => this.row(track, baseline, pending));
  }

  private row(track: BackendRun, baseline: BackendRun | undefined, pending: (track: BackendRun) => string): BackendRow {
    const { backend, failure } = track;
    const unmeasured = { backend: backend.name, settings: backend };
    // A crash in a later round is the row's news; an interrupt leaves what was measured.
    if (failure !== undefined && (failure.kind !== 'interrupted' || !isMeasured(track))) {
      return { kind: kindOf(failure), ...unmeasured, reason: describeFailure(failure) };
    }
    const found = this.findings.get(track);
    if (typeof found === 'string') return { kind: 'failed', ...unmeasured, reason: found };
    if (!isMeasured(track)) return { kind: 'pending', ...unmeasured, reason: pending(track) };
    return this.measured(track, baseline);
  }

  private measured(track: BackendRun, baseline: BackendRun | undefined): MeasuredRow {
    const { backend, opened, turns, throughput, peakBytes, gpuBytes, reloads } = track;
    const times = turns.flatMap(({ latenciesMs }) => latenciesMs);
    const { p50, p90, p99, mean, standardDeviation, min, max } = summarize(times);
    const wall = turns.reduce((sum, turn) => sum + turn.wallMs, 0);
    const stages = stagesOf(track);
    return {
      kind: 'measured',
      backend: backend.name,
      settings: backend,
      library: opened?.library ?? '',
      ownWeights: track.ownWeights,
      ...{ medianMs: p50, p90Ms: p90, p99Ms: p99, meanMs: mean, standardDeviationMs: standardDeviation },
      ...{ minMs: min, maxMs: max, runs: times.length, roundsMs: turns.map(({ latenciesMs }) => latenciesMs) },
      ...{ loadMs: opened?.loadMs ?? Number.NaN, firstRunMs: opened?.firstRunMs ?? Number.NaN },
      ...(stages === undefined ? {} : { stages }),
      throughput: [{ kind: 'measured', batch: 1, imagesPerSecond: (1000 * times.length) / wall }, ...throughput],
      ...{ peakMemory: peakBytes, reloads },
      ...(gpuBytes === undefined ? {} : { gpuMemory: gpuBytes }),
      speedup: baseline && pairedRatio(roundMedians(baseline), roundMedians(track)),
      ...this.compare(track, baseline),
    };
  }

  private compare(
    track: BackendRun,
    baseline: BackendRun | undefined,
  ): Pick<MeasuredRow, 'agreement' | 'outputs' | 'agrees'> {
    if (baseline === undefined) return { agreement: undefined, outputs: undefined, agrees: true };
    let compared = this.compared.get(track);
    if (compared === undefined) {
      const [expected, found] = [baseline, track].map((one) => this.findings.get(one));
      const agreement =
        typeof expected === 'object' && typeof found === 'object' ? agreementOf(expected, found) : undefined;
      const outputs = compareOutputs(baseline.opened?.outputs ?? [], track.opened?.outputs ?? []);
      const same = sameArithmetic(baseline, track);
      const tolerance = tolerances[same ? 'same' : (track.backend.precision ?? 'fp32')];
      const agrees = agreement !== undefined && agreesFully(agreement, tolerance);
      // Rows of boxes may come in another order from another engine, but not from the same one. What is wrong with
      // weights may show on other images only: a class number hides a small difference.
      const exact = !same || (!track.ownWeights && outputs !== undefined && outputs.relative <= sameBits);
      compared = { agreement, outputs, agrees: agrees && exact };
      this.compared.set(track, compared);
    }
    return compared;
  }
}

/** Relative difference of outputs that is none; a tenth of float32's last bit. */
const sameBits = 1e-8;

/** Whether nothing but the weights could make a difference. */
function sameArithmetic({ backend: a, opened: x }: BackendRun, { backend: b, opened: y }: BackendRun): boolean {
  if (!isPaddle(a) || !isPaddle(b) || x?.library !== y?.library) return false;
  const keys = ['device', 'engine', 'precision', 'threads'] as const;
  return keys.every((key) => a[key] === b[key]) && a.tensorrt === b.tensorrt;
}

function isMeasured({ opened, turns }: BackendRun): boolean {
  return opened !== undefined && turns.length > 0;
}

function onCpu(backend: NamedBackend): boolean {
  return !('device' in backend) || (backend.device ?? 'cpu') === 'cpu';
}

function roundMedians({ turns }: BackendRun): number[] {
  return turns.map(({ latenciesMs }) => median(latenciesMs));
}

function stagesOf({ turns }: BackendRun): MeasuredRow['stages'] {
  const all = turns.flatMap(({ stages }) => (stages === undefined ? [] : [stages]));
  if (all.length === 0) return undefined;
  const of = (key: 'preprocessMs' | 'inferenceMs' | 'postprocessMs'): number =>
    median(all.flatMap((stage) => stage[key]));
  return { preprocessMs: of('preprocessMs'), inferenceMs: of('inferenceMs'), postprocessMs: of('postprocessMs') };
}

function kindOf(failure: NonNullable<BackendRun['failure']>): Exclude<BackendRow['kind'], 'measured' | 'pending'> {
  if (failure.kind !== 'error') return failure.kind;
  const missing = ['ENGINE_UNAVAILABLE', 'DEVICE_UNAVAILABLE', 'METHOD_UNAVAILABLE', 'RUNTIME_INVALID'];
  return missing.includes(failure.code ?? '') ? 'unavailable' : 'failed';
}

/** How much of the baseline's answer a row gives, 0 to 1; 1 without a baseline. */
export function shareOf({ agreement }: MeasuredRow): number {
  return agreement === undefined ? 1 : agreementShare(agreement);
}
