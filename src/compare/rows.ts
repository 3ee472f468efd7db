import { type Agreement, agreementShare, agreesFully } from '../agreement/agreements';
import { compareOutputs, type OutputDifference } from '../agreement/output-difference';
import { tolerances } from '../agreement/tolerances';
import { isPaddle, type NamedBackend } from '../backends/named-backends';
import type { Traffic } from '../backends/session';
import { median, pairedRatio, type Ratio, summarize } from '../metrics/statistics';
import type { PredictResult } from '../results';
import type { Accuracy } from './accuracy';
import { agreementOf } from './compare-results';
import { type BackendRun, describeFailure, type Throughput } from './session';

/** Times and agreement of a measured backend. */
export interface MeasuredRow {
  readonly kind: 'measured';
  /** Its name. */
  readonly backend: string;
  /** Its settings. */
  readonly settings: NamedBackend;
  /** For example `Paddle 3.3.1`. */
  readonly library: string;
  /**
   * Times of a run in milliseconds, measured like a loop in Python: passing the inputs (copied, except with the
   * OpenVINO engine), computing the model, copying the outputs.
   */
  readonly medianMs: number;
  readonly p90Ms: number;
  readonly p99Ms: number;
  readonly meanMs: number;
  readonly standardDeviationMs: number;
  readonly minMs: number;
  readonly maxMs: number;
  /** Number of counted runs. */
  readonly runs: number;
  /** The time of each run, by round. */
  readonly roundsMs: readonly (readonly number[])[];
  readonly loadMs: number;
  readonly firstRunMs: number;
  /** Medians of the stages; absent if only the network was measured. */
  readonly stages?: { readonly preprocessMs: number; readonly inferenceMs: number; readonly postprocessMs: number };
  /** Images per second: at batch 1 from the times, and for the requested batch sizes. */
  readonly throughput: readonly Throughput[];
  /** Peak memory of its process, in bytes. */
  readonly peakMemory: number;
  /** Bytes that a run sends to its server and receives from it; absent if no tensors leave this machine. */
  readonly traffic?: Traffic;
  /** GPU memory after the first run, in bytes; absent if it can't be read. */
  readonly gpuMemory?: number;
  /** How often it was loaded again because not all backends fitted into memory; ideally 0. */
  readonly reloads: number;
  /** How many times faster than the baseline; undefined without a baseline or with only one round. */
  readonly speedup: Ratio | undefined;
  /** Agreement with the baseline; undefined if there is none. */
  readonly agreement: Agreement | undefined;
  /**
   * Whether the agreement is full: no difference beyond what the arithmetic of the precision explains. If only the
   * weights can differ (same kernels and threads), any difference counts, and other weights always count as a
   * difference, even if these images show none.
   */
  readonly agrees: boolean;
  /** Differences of the network's raw outputs; undefined if their shapes differ. */
  readonly outputs: OutputDifference | undefined;
  /** Whether its parameters differ from those of the compared model: a backend with its own `model`. */
  readonly ownWeights: boolean;
  /** Its main figure on the data set; only with the option `dataset`. */
  readonly accuracy?: Accuracy;
}

/** The outcome of one backend. */
export type BackendRow =
  | MeasuredRow
  | {
      /**
       * `unavailable`: this runtime or machine does not support it; `failed`: Paddle could not run the model;
       * `crashed`: the process died; `out-of-memory`: it exceeded the memory limit; `timeout`: it took too long;
       * `interrupted`: it was cancelled; `pending`: not measured yet.
       */
      readonly kind: 'unavailable' | 'failed' | 'crashed' | 'out-of-memory' | 'timeout' | 'interrupted' | 'pending';
      readonly backend: string;
      readonly settings: NamedBackend;
      readonly reason: string;
    };

/** Makes the rows of backend runs; the comparison with the baseline is computed once per backend. */
export class RowMaker {
  private readonly compared = new Map<BackendRun, Pick<MeasuredRow, 'agreement' | 'outputs' | 'agrees'>>();
  private baselineOfCompared: BackendRun | undefined;

  constructor(
    private readonly wanted: string | undefined,
    /** The results of each backend, or a text with the reason why its outputs can't be interpreted. */
    private readonly results: ReadonlyMap<BackendRun, readonly PredictResult[] | string>,
  ) {}

  /** The named backend; else the first plain one; else the first in float32. */
  baselineOf(backendRuns: readonly BackendRun[]): BackendRun | undefined {
    const usable = backendRuns.filter((run) => isMeasured(run) && typeof this.results.get(run) === 'object');
    if (this.wanted !== undefined) return usable.find(({ backend }) => backend.name === this.wanted);
    const own = usable.filter(({ backend }) => isPaddle(backend) && backend.model === undefined);
    const plain = own.find(({ backend }) => 'engine' in backend && backend.engine === 'plain' && onCpu(backend));
    return plain ?? own.find(({ backend }) => (backend.precision ?? 'fp32') === 'fp32');
  }

  rows(backendRuns: readonly BackendRun[], pending: (run: BackendRun) => string): BackendRow[] {
    const baseline = this.baselineOf(backendRuns);
    if (baseline !== this.baselineOfCompared) this.compared.clear();
    this.baselineOfCompared = baseline;
    return backendRuns.map((run) => this.row(run, baseline, pending));
  }

  private row(run: BackendRun, baseline: BackendRun | undefined, pending: (run: BackendRun) => string): BackendRow {
    const { backend, failure } = run;
    const unmeasured = { backend: backend.name, settings: backend };
    // A crash in a later round is reported in the row; after an interrupt the measured times are kept.
    if (failure !== undefined && (failure.kind !== 'interrupted' || !isMeasured(run))) {
      return { kind: kindOf(failure), ...unmeasured, reason: describeFailure(failure) };
    }
    const found = this.results.get(run);
    if (typeof found === 'string') return { kind: 'failed', ...unmeasured, reason: found };
    if (!isMeasured(run)) return { kind: 'pending', ...unmeasured, reason: pending(run) };
    return this.measured(run, baseline);
  }

  private measured(run: BackendRun, baseline: BackendRun | undefined): MeasuredRow {
    const { backend, opened, turns, throughput, peakBytes, gpuBytes, reloads } = run;
    const times = turns.flatMap(({ latenciesMs }) => latenciesMs);
    const { p50, p90, p99, mean, standardDeviation, min, max } = summarize(times);
    const wall = turns.reduce((sum, turn) => sum + turn.wallMs, 0);
    const stages = stagesOf(run);
    const traffic = trafficOf(run);
    return {
      kind: 'measured',
      backend: backend.name,
      settings: backend,
      library: opened?.library ?? '',
      ownWeights: run.ownWeights,
      ...{ medianMs: p50, p90Ms: p90, p99Ms: p99, meanMs: mean, standardDeviationMs: standardDeviation },
      ...{ minMs: min, maxMs: max, runs: times.length, roundsMs: turns.map(({ latenciesMs }) => latenciesMs) },
      ...{ loadMs: opened?.loadMs ?? Number.NaN, firstRunMs: opened?.firstRunMs ?? Number.NaN },
      ...(stages === undefined ? {} : { stages }),
      throughput: [{ kind: 'measured', batch: 1, imagesPerSecond: (1000 * times.length) / wall }, ...throughput],
      ...{ peakMemory: peakBytes, reloads },
      ...(traffic === undefined ? {} : { traffic }),
      ...(gpuBytes === undefined ? {} : { gpuMemory: gpuBytes }),
      speedup: baseline && pairedRatio(roundMedians(baseline), roundMedians(run)),
      ...this.compare(run, baseline),
    };
  }

  private compare(
    run: BackendRun,
    baseline: BackendRun | undefined,
  ): Pick<MeasuredRow, 'agreement' | 'outputs' | 'agrees'> {
    if (baseline === undefined) return { agreement: undefined, outputs: undefined, agrees: true };
    let compared = this.compared.get(run);
    if (compared === undefined) {
      const [expected, found] = [baseline, run].map((one) => this.results.get(one));
      const agreement =
        typeof expected === 'object' && typeof found === 'object' ? agreementOf(expected, found) : undefined;
      const outputs = [baseline, run].some(({ opened }) => opened?.results !== undefined)
        ? undefined
        : compareOutputs(baseline.opened?.outputs ?? [], run.opened?.outputs ?? []);
      const same = sameArithmetic(baseline, run);
      const tolerance = tolerances[same ? 'same' : (run.backend.precision ?? 'fp32')];
      const agrees = agreement !== undefined && agreesFully(agreement, tolerance);
      // Another engine may return boxes in a different order, but the same engine does not. Other weights may only show
      // on other images: a class number hides a small difference.
      const exact = !same || (!run.ownWeights && outputs !== undefined && outputs.relative <= sameBits);
      compared = { agreement, outputs, agrees: agrees && exact };
      this.compared.set(run, compared);
    }
    return compared;
  }
}

/** Relative differences of outputs below this count as equal; a tenth of float32's last bit. */
const sameBits = 1e-8;

/** Whether only the weights can cause differences. */
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

/** The mean of all runs. */
function trafficOf({ turns }: BackendRun): Traffic | undefined {
  const counted = turns.flatMap(({ traffic, latenciesMs }) =>
    traffic === undefined ? [] : [{ traffic, latenciesMs }],
  );
  if (counted.length === 0) return undefined;
  const runs = counted.reduce((sum, { latenciesMs }) => sum + latenciesMs.length, 0);
  const mean = (key: keyof Traffic): number =>
    Math.round(counted.reduce((sum, { traffic, latenciesMs }) => sum + traffic[key] * latenciesMs.length, 0) / runs);
  return { sentBytes: mean('sentBytes'), receivedBytes: mean('receivedBytes') };
}

function kindOf(failure: NonNullable<BackendRun['failure']>): Exclude<BackendRow['kind'], 'measured' | 'pending'> {
  if (failure.kind !== 'error') return failure.kind;
  const missing = ['ENGINE_UNAVAILABLE', 'DEVICE_UNAVAILABLE', 'METHOD_UNAVAILABLE', 'RUNTIME_INVALID'];
  return missing.includes(failure.code ?? '') ? 'unavailable' : 'failed';
}

/** The agreement of a row with the baseline, 0 to 1; 1 without a baseline. */
export function shareOf({ agreement }: MeasuredRow): number {
  return agreement === undefined ? 1 : agreementShare(agreement);
}
