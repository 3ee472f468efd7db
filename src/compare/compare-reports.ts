import { escapeHtml, inspectCustom, jupyterDisplay, type MimeBundle } from '../display/display';
import { scrollingTable } from '../display/html-table';
import { confidence, median, type Ratio, studentQuantile, summarize } from '../metrics/statistics';
import { showControls } from '../text/controls';
import { alignRows, markdownRow } from '../text/table';
import { invalidArgument } from '../validate';
import { BackendReport, type ReportJson } from './report';
import type { MeasuredRow } from './rows';

/** One backend in two reports. */
export interface ReportChange {
  readonly backend: string;
  /** Median times in milliseconds; undefined if not measured. */
  readonly beforeMs: number | undefined;
  readonly afterMs: number | undefined;
  /** How many times faster it became, with the confidence interval; undefined unless both have at least two rounds. */
  readonly speedup: Ratio | undefined;
  /** `same`: the interval contains 1. */
  readonly verdict: 'faster' | 'slower' | 'same' | 'only before' | 'only after' | 'not measured';
  /** Whether it agreed with the baseline, in each report. */
  readonly agrees: { readonly before: boolean | undefined; readonly after: boolean | undefined };
}

/** The changes between two reports; displayed as a table. */
export class ReportComparison {
  constructor(
    /** One change for each backend measured in at least one of them. */
    readonly changes: readonly ReportChange[],
    /** Other differences between the two, because of which the times may not be comparable. */
    readonly differences: readonly string[],
  ) {}

  /** As plain data. */
  toJSON(): object {
    return { changes: this.changes, differences: this.differences };
  }

  /** A Markdown table. */
  toMarkdown(): string {
    const rows = this.changes.map((change) => markdownRow(cellsOf(change)));
    const notes = this.differences.map((text) => `\n⚠ ${showControls(text)}`);
    return [markdownRow(header), '| --- | ---: | ---: | ---: | --- |', ...rows, ...notes, ''].join('\n');
  }

  [inspectCustom](): string {
    const text = alignRows([header, ...this.changes.map(cellsOf)]);
    return [...text, ...this.differences.map((difference) => `⚠ ${showControls(difference)}`)].join('\n');
  }

  [jupyterDisplay](): MimeBundle {
    const row = (tag: string, cells: readonly string[]): string =>
      `<tr>${cells.map((cell) => `<${tag} style="text-align:left">${escapeHtml(cell)}</${tag}>`).join('')}</tr>`;
    const notes = this.differences.map((text) => `<div>⚠ ${escapeHtml(text)}</div>`).join('');
    const body = this.changes.map((change) => row('td', cellsOf(change))).join('');
    return {
      'text/plain': this[inspectCustom](),
      'text/html': `${scrollingTable(`${row('th', header)}${body}`)}${notes}`,
    };
  }
}

const header = ['backend', 'before', 'after', `speed (${100 * confidence} % sure)`, 'verdict'];

function cellsOf({ backend, beforeMs, afterMs, speedup, verdict, agrees }: ReportChange): string[] {
  const time = (value: number | undefined): string => (value === undefined ? '–' : `${value.toPrecision(3)} ms`);
  const ratio =
    speedup === undefined ? '' : `${speedup.value.toFixed(2)} × (${speedup.low.toFixed(2)}–${speedup.high.toFixed(2)})`;
  const lost = agrees.before === true && agrees.after === false ? ' ⚠ no longer agrees' : '';
  return [backend, time(beforeMs), time(afterMs), ratio, `${verdict}${lost}`];
}

/**
 * Compares two reports, backend by backend (by name), and lists other differences: machine, versions, protocol, model.
 * The two were not interleaved: if the machine was busier during one of them, its times include that.
 *
 * @param before a report, or the output of its `toJSON`
 * @param after the same, measured later
 * @throws PaddleLabError INVALID_ARGUMENT
 *
 * @example
 * import { compareReports } from 'paddlelab';
 * const measure = () => compareBackends('models/shapes_det_picodet', 'shapes.png', { backends: ['plain', 'openvino'], runs: 4 });
 * compareReports(JSON.stringify(await measure()), await measure());
 */
export function compareReports(
  before: BackendReport | ReportJson | string,
  after: BackendReport | ReportJson | string,
): ReportComparison {
  const [first, second] = [reportOf('before', before), reportOf('after', after)];
  const names = [...new Set([...first.rows, ...second.rows].map(({ backend }) => backend))];
  const changes = names.map((name) => changeOf(name, rowOf(first, name), rowOf(second, name)));
  return new ReportComparison(
    changes.filter(({ verdict }) => verdict !== 'not measured'),
    differencesOf(first, second),
  );
}

function reportOf(name: string, report: BackendReport | ReportJson | string): BackendReport {
  if (report instanceof BackendReport) return report;
  if (typeof report !== 'string' && (report === null || typeof report !== 'object')) {
    throw invalidArgument(name, 'report of compareBackends or its JSON', report);
  }
  return BackendReport.fromJson(report);
}

function rowOf({ measured }: BackendReport, name: string): MeasuredRow | undefined {
  return measured.find(({ backend }) => backend === name);
}

function changeOf(backend: string, before: MeasuredRow | undefined, after: MeasuredRow | undefined): ReportChange {
  const speedup = before && after && welchRatio(before, after);
  const agrees = { before: before?.agrees, after: after?.agrees };
  const verdict = verdictOf(before, after, speedup);
  return { backend, beforeMs: before?.medianMs, afterMs: after?.medianMs, speedup, verdict, agrees };
}

function verdictOf(
  before: MeasuredRow | undefined,
  after: MeasuredRow | undefined,
  speedup: Ratio | undefined,
): ReportChange['verdict'] {
  if (before === undefined) return after === undefined ? 'not measured' : 'only after';
  if (after === undefined) return 'only before';
  if (speedup === undefined) return 'same';
  return speedup.low > 1 ? 'faster' : speedup.high < 1 ? 'slower' : 'same';
}

/** Rounds of two reports are not paired: Welch's interval for the logarithms of their medians. */
function welchRatio(before: MeasuredRow, after: MeasuredRow): Ratio | undefined {
  const [a, b] = [before, after].map(({ roundsMs }) => roundsMs.map((times) => Math.log(median(times))));
  if (a === undefined || b === undefined || a.length < 2 || b.length < 2) return undefined;
  const [first, second] = [summarize(a), summarize(b)];
  const [partA, partB] = [first.standardDeviation ** 2 / a.length, second.standardDeviation ** 2 / b.length];
  const spread = partA + partB;
  const degrees = spread === 0 ? 1 : spread ** 2 / (partA ** 2 / (a.length - 1) + partB ** 2 / (b.length - 1));
  const half = studentQuantile(1 - (1 - confidence) / 2, Math.max(1, Math.floor(degrees))) * Math.sqrt(spread);
  const difference = first.mean - second.mean;
  return { value: Math.exp(difference), low: Math.exp(difference - half), high: Math.exp(difference + half) };
}

function differencesOf({ facts: a, ...first }: BackendReport, { facts: b, ...second }: BackendReport): string[] {
  const facts: readonly (readonly [string, unknown, unknown])[] = [
    ['model', a.model, b.model],
    ['CPU', a.machine.cpu, b.machine.cpu],
    ['CPU features', a.machine.cpuFeatures.join(' '), b.machine.cpuFeatures.join(' ')],
    ['hardware threads', a.machine.threads, b.machine.threads],
    ['GPUs', a.machine.gpus.join(', '), b.machine.gpus.join(', ')],
    ['system', a.machine.system, b.machine.system],
    ['Node', a.machine.node, b.machine.node],
    ['paddlelab', a.machine.paddlelab, b.machine.paddlelab],
    ['mode', a.protocol.mode, b.protocol.mode],
    ['input shape', a.inputShape.join('×'), b.inputShape.join('×')],
    ['baseline', first.baseline, second.baseline],
  ];
  const libraries = second.rows.flatMap((row): (readonly [string, unknown, unknown])[] => {
    const other = first.rows.find(({ backend }) => backend === row.backend);
    return row.kind === 'measured' && other?.kind === 'measured'
      ? [[`library of ${row.backend}`, other.library, row.library]]
      : [];
  });
  return [...facts, ...libraries]
    .filter(([, before, after]) => before !== after)
    .map(([name, before, after]) => `${name}: ${before} before, ${after} after`);
}
