import { isPaddle, type NamedBackend, type PaddleBackend } from '../backends/named-backends';
import { inspectCustom, jupyterDisplay, type MimeBundle } from '../display/display';
import { PaddleLabError } from '../errors';
import type { Figure } from '../plot/figure';
import { nearest } from '../validate';
import { benchmarkLog, type LogStyle } from './benchmark-log';
import { agreementChart, distributionChart } from './report-charts';
import { toCsv } from './report-csv';
import type { ReportData, ReportFacts, ReportJson } from './report-data';
import { reportHtml, reportMarkdown, reportText } from './report-table';
import type { BackendRow, MeasuredRow } from './rows';

export type { Agreement } from '../agreement/agreements';
export type { ReportFacts, ReportJson } from './report-data';
export type { BackendRow, MeasuredRow } from './rows';

/** The outcome of `compareBackends`, one row a backend; shows itself as a table and charts. */
export class BackendReport implements ReportData {
  constructor(
    readonly rows: readonly BackendRow[],
    readonly facts: ReportFacts,
    /** Name of the backend that the others are held against; undefined where it was not measured. */
    readonly baseline: string | undefined,
  ) {}

  /** The rows with times. */
  get measured(): readonly MeasuredRow[] {
    return this.rows.filter((row): row is MeasuredRow => row.kind === 'measured');
  }

  /**
   * The fastest of Paddle's backends that agrees with the baseline, for `loadModel(dir, { backend: report.best })`;
   * undefined where there is none.
   */
  get best(): (PaddleBackend & { readonly name: string }) | undefined {
    const loadable = this.measured.flatMap(({ agrees, medianMs, settings }) =>
      agrees && isLoadable(settings) ? [{ medianMs, settings }] : [],
    );
    return loadable.sort((a, b) => a.medianMs - b.medianMs)[0]?.settings;
  }

  /** Version of the first Paddle that was measured; undefined while there is none. */
  get paddle(): string | undefined {
    return this.measured
      .map(({ library }) => /^Paddle (.*)$/.exec(library)?.[1])
      .find((version) => version !== undefined);
  }

  /** Latency against agreement; the best is a star. */
  agreementChart(): Figure {
    return agreementChart(this);
  }

  /** The distribution of the times of each backend. */
  distributionChart(): Figure {
    return distributionChart(this);
  }

  /** A table for a README, and where it was measured. */
  toMarkdown(): string {
    return reportMarkdown(this);
  }

  /** All numbers, a line a backend. */
  toCsv(): string {
    return toCsv(this);
  }

  /** What `fromJson` reads; times by round included. */
  toJSON(): ReportJson {
    const { facts, baseline, rows, best } = this;
    return { kind: 'backend-report', facts, baseline, best: best?.name, rows };
  }

  /**
   * The report that `toJSON` wrote, from its object or text.
   *
   * @throws PaddleLabError INVALID_ARGUMENT
   */
  static fromJson(json: ReportJson | string): BackendReport {
    const read = (typeof json === 'string' ? parse(json) : json) as Partial<ReportJson> | undefined;
    if (read?.kind !== 'backend-report' || !Array.isArray(read.rows) || read.facts === undefined) {
      throw new PaddleLabError(
        'INVALID_ARGUMENT',
        'Expected what toJSON of a report of compareBackends wrote for json',
      );
    }
    return new BackendReport(read.rows, read.facts, read.baseline);
  }

  /**
   * What Paddle's deploy scripts log with `--run_benchmark`: of PaddleDetection (`[DET]` lines) or of AutoLog, which
   * PaddleSeg and PaddleClas use; by default that of the model's toolkit.
   *
   * @param backend name of a measured row; the best by default
   * @throws PaddleLabError INVALID_ARGUMENT
   */
  toBenchmarkLog(backend: string | undefined = this.best?.name, style?: LogStyle): string {
    const row = this.measured.find((one) => one.backend === backend);
    if (row !== undefined) return benchmarkLog(row, this.facts, style);
    const names = this.measured.map((one) => one.backend);
    const near = nearest(String(backend), names);
    const hint = near === undefined ? `measured: ${names.join(', ')}` : `did you mean "${near}"?`;
    throw new PaddleLabError(
      'INVALID_ARGUMENT',
      `Expected name of a measured backend but received ${JSON.stringify(backend)}; ${hint}`,
    );
  }

  [inspectCustom](): string {
    return reportText(this);
  }

  /** The table without charts, as it shows while the comparison runs. */
  tableBundle(): MimeBundle {
    return { 'text/plain': reportText(this), 'text/html': reportHtml(this) };
  }

  async [jupyterDisplay](): Promise<MimeBundle> {
    const table = this.tableBundle();
    if (this.measured.length === 0) return table;
    const charts = [this.agreementChart(), this.distributionChart()];
    const bundles: MimeBundle[] = [];
    for (const chart of charts) bundles.push(await chart[jupyterDisplay]());
    const html = [table, ...bundles].map((bundle) => bundle['text/html']).join('\n');
    return { ...table, 'text/html': html, 'image/png': bundles[0]?.['image/png'] ?? '' };
  }
}

function isLoadable(backend: NamedBackend): backend is PaddleBackend & { readonly name: string } {
  if (!isPaddle(backend)) return false;
  return (backend.clones ?? 1) === 1 && backend.model === undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new PaddleLabError('INVALID_ARGUMENT', 'Expected JSON for json', { cause: error });
  }
}
