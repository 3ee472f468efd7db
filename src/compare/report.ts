import { isPaddle, type NamedBackend, type PaddleBackend } from '../backends/named-backends';
import { inspectCustom, jupyterDisplay, type MimeBundle } from '../display/display';
import { PaddleLabError } from '../errors';
import type { LogStyle } from '../layouts/script-output';
import type { Figure } from '../plot/figure';
import { nearest } from '../validate';
import { benchmarkLog } from './benchmark-log';
import { agreementChart, distributionChart } from './report-charts';
import { toCsv } from './report-csv';
import type { ReportData, ReportFacts, ReportJson } from './report-data';
import { headlineHtml, reportHtml, reportMarkdown, reportText } from './report-table';
import type { BackendRow, MeasuredRow } from './rows';

export type { Agreement } from '../agreement/agreements';
export type { ReportFacts, ReportJson } from './report-data';
export type { BackendRow, MeasuredRow } from './rows';

/** The outcome of `compareBackends`, one row per backend; displayed as a table and charts. */
export class BackendReport implements ReportData {
  /** @internal Use `compareBackends`. */
  constructor(
    readonly rows: readonly BackendRow[],
    readonly facts: ReportFacts,
    /** Name of the baseline; undefined if it was not measured. */
    readonly baseline: string | undefined,
  ) {}

  /** The rows that have times. */
  get measured(): readonly MeasuredRow[] {
    return this.rows.filter((row): row is MeasuredRow => row.kind === 'measured');
  }

  /**
   * The fastest Paddle backend that agrees with the baseline, for `loadModel(dir, { backend: report.best })`; undefined
   * if there is none.
   */
  get best(): (PaddleBackend & { readonly name: string }) | undefined {
    const loadable = this.measured.flatMap(({ agrees, medianMs, settings }) =>
      agrees && isLoadable(settings) ? [{ medianMs, settings }] : [],
    );
    return loadable.sort((a, b) => a.medianMs - b.medianMs)[0]?.settings;
  }

  /** Version of the first measured Paddle; undefined if there is none yet. */
  get paddle(): string | undefined {
    return this.measured
      .map(({ library }) => /^Paddle (.*)$/.exec(library)?.[1])
      .find((version) => version !== undefined);
  }

  /** A chart of latency against agreement; the best backend is marked with a star. */
  agreementChart(): Figure {
    return agreementChart(this);
  }

  /** A chart of the distribution of each backend's times. */
  distributionChart(): Figure {
    return distributionChart(this);
  }

  /** A Markdown table, with the machine it was measured on. */
  toMarkdown(): string {
    return reportMarkdown(this);
  }

  /** All numbers as CSV, one line per backend. */
  toCsv(): string {
    return toCsv(this);
  }

  /** The report as JSON for `fromJson`, including the times by round. */
  toJSON(): ReportJson {
    const { facts, baseline, rows, best } = this;
    return { kind: 'backend-report', facts, baseline, best: best?.name, rows };
  }

  /**
   * A report from the output of `toJSON`, as an object or text.
   *
   * @throws PaddleLabError INVALID_ARGUMENT
   */
  static fromJson(json: ReportJson | string): BackendReport {
    const read = (typeof json === 'string' ? parse(json) : json) as Partial<ReportJson> | undefined;
    if (read?.kind !== 'backend-report' || !Array.isArray(read.rows) || read.facts === undefined) {
      throw new PaddleLabError(
        'INVALID_ARGUMENT',
        'Expected the output of toJSON of a report of compareBackends for json',
      );
    }
    return new BackendReport(read.rows, read.facts, read.baseline);
  }

  /**
   * The report in the log format of Paddle's deploy scripts with `--run_benchmark`: PaddleDetection's (`[DET]` lines)
   * or AutoLog, as in PaddleSeg and PaddleClas; by default the format of the model's toolkit.
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

  /** The table without charts, as shown while the comparison runs. */
  tableBundle(): MimeBundle {
    return { 'text/plain': reportText(this), 'text/html': reportHtml(this) };
  }

  async [jupyterDisplay](): Promise<MimeBundle> {
    const table = this.tableBundle();
    if (this.measured.length === 0) return table;
    const charts = [this.agreementChart(), this.distributionChart()];
    const bundles: MimeBundle[] = [];
    for (const chart of charts) bundles.push(await chart[jupyterDisplay]());
    const [first, ...others] = bundles.map((bundle) => bundle['text/html']);
    // What is seen without scrolling: a line and a chart.
    const html = [headlineHtml(this), first, table['text/html'], ...others].join('\n');
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
