import { isPaddle, type PaddleBackend } from '../backends/named-backends';
import type { LoadModelOptions } from '../model/load-model';
import { fraction, type OptionChecks, oneOf, readOptions } from '../options';
import { invalidArgument } from '../validate';
import { BackendReport } from './report';
import { type MeasuredRow, shareOf } from './rows';

/** The objective: the time of a single image, images per second, or memory. */
export type Objective = 'latency' | 'throughput' | 'memory';

/** Options of `recommend`. */
export interface RecommendOptions {
  /**
   * The minimum agreement with the baseline, 0 to 1: the share of matched objects, equal pixels, or images of the same
   * class. By default only full agreement is accepted.
   */
  readonly minAgreement?: number;
  /** `latency` by default. */
  readonly objective?: Objective;
}

const checks = {
  minAgreement: fraction,
  objective: oneOf(['latency', 'throughput', 'memory']),
} satisfies OptionChecks<RecommendOptions>;

/** The recommended way to run a model. */
export interface Recommendation {
  /** Name of the row. */
  readonly backend: string;
  /** Options for `loadModel`. */
  readonly options: Pick<LoadModelOptions, 'device' | 'engine' | 'precision' | 'threads' | 'tensorrt' | 'runtime'>;
  /** Number of predictors to run concurrently, made with `predictor.clone()`. */
  readonly clones: number;
  /** Images per run, for `predict(…, { batchSize })`. */
  readonly batchSize: number;
  /** The reason as text for people. */
  readonly reason: string;
}

/** The score of a row, higher is better, and its text. */
interface Score {
  readonly value: number;
  readonly words: string;
  readonly batchSize: number;
}

const scores: Readonly<Record<Objective, (row: MeasuredRow) => Score>> = {
  latency: ({ medianMs }) => ({ value: -medianMs, words: `${medianMs.toPrecision(3)} ms per run`, batchSize: 1 }),
  throughput: ({ throughput }) => {
    const measured = throughput.flatMap((one) => (one.kind === 'measured' ? [one] : []));
    const best = measured.reduce((most, one) => (one.imagesPerSecond > most.imagesPerSecond ? one : most));
    return {
      value: best.imagesPerSecond,
      words: `${best.imagesPerSecond.toPrecision(3)} images/s`,
      batchSize: best.batch,
    };
  },
  memory: ({ peakMemory }) => ({ value: -peakMemory, words: `${Math.round(peakMemory / 1e6)} MB`, batchSize: 1 }),
};

/**
 * The best backend of a report for an objective, as options for `loadModel`; undefined if no backend agrees enough.
 *
 * @throws PaddleLabError INVALID_ARGUMENT, UNKNOWN_OPTION
 *
 * @example
 * import { recommend } from 'paddlelab';
 * const report = await compareBackends('models/shapes_det_picodet', 'shapes.png', { backends: ['plain', 'openvino'], runs: 5 });
 * const { options, reason } = recommend(report, { objective: 'latency' });
 * const model = await loadModel('models/shapes_det_picodet', options);
 */
export function recommend(report: BackendReport, options: RecommendOptions = {}): Recommendation | undefined {
  if (!(report instanceof BackendReport)) throw invalidArgument('report', 'report of compareBackends', report);
  const { minAgreement, objective = 'latency' } = readOptions('recommend', options, checks);
  const allowed = report.measured.filter((row) => {
    if (!isPaddle(row.settings) || row.settings.model !== undefined) return false;
    return minAgreement === undefined ? row.agrees : shareOf(row) >= minAgreement;
  });
  const ranked = allowed
    .map((row) => ({ row, score: scores[objective](row) }))
    .sort((a, b) => b.score.value - a.score.value);
  const [best, second] = ranked;
  if (best === undefined) return undefined;
  const { device, engine, precision, threads, tensorrt, runtime, clones = 1 } = best.row.settings as PaddleBackend;
  const next = second === undefined ? '' : `; next is ${second.row.backend} with ${second.score.words}`;
  return {
    backend: best.row.backend,
    options: dropUndefined({ device, engine, precision, threads, tensorrt, runtime }),
    clones,
    batchSize: best.score.batchSize,
    reason: `${best.row.backend}: ${best.score.words}, ${(100 * shareOf(best.row)).toFixed(2)} % agreement${next}`,
  };
}

function dropUndefined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as T;
}
