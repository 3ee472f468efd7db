import type { PaddleBackend } from '../backends/named-backends';
import type { DatasetFormat } from '../datasets/dataset';
import type { ModelSpec } from '../spec/spec';
import type { MachineFacts } from './machine';
import type { Protocol } from './options';
import type { BackendRow, MeasuredRow } from './rows';

/** Facts of a report besides its rows. */
export interface ReportFacts {
  /** Name of the model's folder. */
  readonly model: string;
  /** The model's task and toolkit. */
  readonly task: string;
  readonly family: ModelSpec['family'];
  /** Number of images it was run on. */
  readonly images: number;
  /** The data set of the accuracy; absent without one. */
  readonly dataset?: { readonly path: string; readonly format: DatasetFormat; readonly images: number };
  /** Whether its backends were named in the options; absent for the default backends. */
  readonly named?: true;
  /** Shape of the first image's first input. */
  readonly inputShape: readonly number[];
  readonly protocol: Protocol;
  /** Names of the backends in the order of each round. */
  readonly orders: readonly (readonly string[])[];
  /** The confidence level of the intervals, 0 to 1. */
  readonly confidence: number;
  readonly machine: MachineFacts;
  /** The start time, as ISO 8601. */
  readonly startedAt: string;
  readonly seconds: number;
}

/** The JSON of a report. */
export interface ReportJson {
  readonly kind: 'backend-report';
  readonly facts: ReportFacts;
  readonly baseline: string | undefined;
  readonly best: string | undefined;
  readonly rows: readonly BackendRow[];
}

/** The data for tables, charts and files of a report. */
export interface ReportData {
  readonly rows: readonly BackendRow[];
  readonly facts: ReportFacts;
  /** Name of the baseline; undefined if it was not measured. */
  readonly baseline: string | undefined;
  /** The rows that have times. */
  readonly measured: readonly MeasuredRow[];
  /** The fastest Paddle backend that agrees with the baseline. */
  readonly best: (PaddleBackend & { readonly name: string }) | undefined;
  /** Version of the first measured Paddle. */
  readonly paddle: string | undefined;
}
