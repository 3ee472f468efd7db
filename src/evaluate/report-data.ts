import type { DatasetFormat, DatasetProblem } from '../datasets/dataset';
import type {
  ClassColumn,
  ClassFigures,
  ConfusionCount,
  EvaluationFigures,
  Figure,
  PrecisionRecall,
} from '../metrics/task-evaluator';
import type { Task } from '../results';
import type { Metric } from './evaluation-plan';
import type { Interval } from './interval';

/** What was evaluated, and how. */
export interface EvaluationFacts {
  readonly model: string;
  /** `text`: several networks that read pages. */
  readonly task: Task | 'text';
  /** The model's class names. */
  readonly labels: readonly string[];
  readonly dataset: { readonly path: string; readonly format: DatasetFormat; readonly images: number };
  /** Of boxes, masks and joints. */
  readonly metric: Metric;
  /** Images that the figures are of. */
  readonly evaluated: number;
  /** Whether it was stopped before the last image. */
  readonly interrupted: boolean;
  /** What it ran on, such as `Paddle 3.3.1, cpu, onednn, fp32`. */
  readonly backend: string;
  readonly seconds: number;
  /** Undefined if it continued an earlier run. */
  readonly imagesPerSecond: number | undefined;
  readonly startedAt: string;
  readonly paddlelab: string;
}

/** An image of the report, without its result. */
export interface WorstImage {
  readonly file: string;
  readonly name: string;
  readonly score: number;
}

export interface EvaluationReportData extends EvaluationFigures {
  readonly facts: EvaluationFacts;
  /** Of the main figure, the first one; undefined with fewer than two images. */
  readonly interval: Interval | undefined;
  readonly problems: readonly DatasetProblem[];
  readonly worst: readonly WorstImage[];
}

/** The output of `toJSON` of a report of `evaluate`. */
export interface EvaluationJson {
  readonly kind: 'evaluation-report';
  readonly facts: EvaluationFacts;
  readonly figures: readonly Figure[];
  /** The 95 % confidence interval of the first figure. */
  readonly interval: Interval | undefined;
  readonly classColumns: readonly ClassColumn[];
  readonly classes: readonly ClassFigures[];
  readonly curves?: readonly PrecisionRecall[];
  readonly confusions?: readonly ConfusionCount[];
  readonly problems: readonly DatasetProblem[];
  readonly worst: readonly WorstImage[];
}
