import type { PaddleBackend } from '../backends/named-backends';
import type { MachineFacts } from './machine';
import type { Protocol } from './options';
import type { BackendRow, MeasuredRow } from './rows';

/** What a report knows beside its rows. */
export interface ReportFacts {
  /** Name of the model's folder. */
  readonly model: string;
  /** What it finds, and its toolkit. */
  readonly task: string;
  readonly family: string;
  /** Images that it was run on. */
  readonly images: number;
  /** Whether its backends were named in the options; absent where they are the default ones. */
  readonly named?: true;
  /** Shape of the first image's first input. */
  readonly inputShape: readonly number[];
  readonly protocol: Protocol;
  /** Names of the backends in the order of each round. */
  readonly orders: readonly (readonly string[])[];
  /** How often the interval of a ratio holds the true one, 0 to 1. */
  readonly confidence: number;
  readonly machine: MachineFacts;
  /** When it began, as ISO 8601. */
  readonly startedAt: string;
  readonly seconds: number;
}

/** A report as `toJSON` writes it. */
export interface ReportJson {
  readonly kind: 'backend-report';
  readonly facts: ReportFacts;
  readonly baseline: string | undefined;
  readonly best: string | undefined;
  readonly rows: readonly BackendRow[];
}

/** What tables, charts and files of a report are made of. */
export interface ReportData {
  readonly rows: readonly BackendRow[];
  readonly facts: ReportFacts;
  /** Name of the backend that the others are held against; undefined where it was not measured. */
  readonly baseline: string | undefined;
  /** The rows with times. */
  readonly measured: readonly MeasuredRow[];
  /** The fastest of Paddle's backends that agrees with the baseline. */
  readonly best: (PaddleBackend & { readonly name: string }) | undefined;
  /** Version of the first Paddle that was measured. */
  readonly paddle: string | undefined;
}
