import { escapeHtml } from '../display/display';
import { numbersStyle, scrollingTable } from '../display/html-table';
import { shownPath } from '../files/shown-path';
import type { Ratio } from '../metrics/statistics';
import { showControls } from '../text/controls';
import { formatSize } from '../text/format';
import { alignRows, markdownRow } from '../text/table';
import { displayWidth, pad } from '../text/width';
import { showAccuracy, showAgreement } from './report-cells';
import type { ReportData } from './report-data';
import type { BackendRow, MeasuredRow } from './rows';

/** A column: its title, and the text of a measured row. */
interface Column {
  readonly title: string;
  readonly cell: (row: MeasuredRow, report: ReportData) => string;
  /** Text columns are aligned to the left. */
  readonly text?: true;
}

function columnsOf({ baseline, measured, facts }: ReportData): Column[] {
  const staged = measured.some(({ stages }) => stages !== undefined);
  const batched = facts.protocol.batchSizes.length > 0 || measured.some((row) => clonesOf(row) > 1);
  const stage = (title: string, key: keyof NonNullable<MeasuredRow['stages']>): Column => {
    return { title, cell: ({ stages }) => (stages === undefined ? '' : ms(stages[key])) };
  };
  return [
    { title: 'backend', cell: (row, report) => nameOf(row, report), text: true },
    { title: 'median', cell: ({ medianMs }) => `${ms(medianMs)} ms` },
    { title: 'p90', cell: ({ p90Ms }) => ms(p90Ms) },
    { title: 'mean ± sd', cell: ({ meanMs, standardDeviationMs }) => `${ms(meanMs)} ± ${ms(standardDeviationMs)}` },
    {
      title: `speed (${percent(facts.confidence)} sure)`,
      cell: ({ speedup }) => (speedup === undefined ? '' : ratio(speedup)),
    },
    ...(staged
      ? [stage('before', 'preprocessMs'), stage('network', 'inferenceMs'), stage('after', 'postprocessMs')]
      : []),
    ...(batched ? [{ title: 'images/s', cell: showThroughput }] : []),
    ...accuracyColumn(measured),
    { title: 'load', cell: ({ loadMs }) => `${Math.round(loadMs)} ms` },
    { title: 'memory', cell: ({ peakMemory }) => formatSize(peakMemory) },
    ...(measured.some(({ traffic }) => traffic !== undefined) ? [{ title: 'sent + received', cell: showTraffic }] : []),
    {
      title: baseline === undefined ? 'agreement' : `agreement with ${baseline}`,
      cell: (row, report) => (row.backend === report.baseline ? 'baseline' : showAgreement(row)),
      text: true,
    },
  ];
}

/** The main figure with the difference to the baseline, if a data set was evaluated. */
function accuracyColumn(measured: readonly MeasuredRow[]): Column[] {
  const name = measured.flatMap(({ accuracy }) => (accuracy?.kind === 'measured' ? [accuracy.name] : []))[0];
  if (name === undefined) return [];
  return [{ title: `${name} % (difference)`, cell: ({ accuracy }) => showAccuracy(accuracy) }];
}

function nameOf(row: BackendRow, { best }: ReportData): string {
  return row.backend === best?.name ? `${row.backend} ★` : row.backend;
}

function clonesOf({ settings }: MeasuredRow): number {
  return 'clones' in settings ? (settings.clones ?? 1) : 1;
}

function ms(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

function percent(share: number): string {
  return `${Number((100 * share).toFixed(1))} %`;
}

/** An interval this wide only means that there were too few rounds. */
const widestRatio = 100;

function ratio({ value, low, high }: Ratio): string {
  if (high > low * widestRatio) return `${value.toFixed(2)} × (too few rounds to tell)`;
  return `${value.toFixed(2)} × (${low.toFixed(2)}–${high.toFixed(2)})`;
}

/** Bytes of a run, such as `787 kB + 3 kB`; a dash if no tensors leave this machine. */
export function showTraffic({ traffic }: MeasuredRow): string {
  return traffic === undefined ? '–' : `${formatSize(traffic.sentBytes)} + ${formatSize(traffic.receivedBytes)}`;
}

export function showThroughput({ throughput }: MeasuredRow): string {
  return throughput
    .map((one) => `${one.batch}: ${one.kind === 'measured' ? one.imagesPerSecond.toPrecision(3) : '–'}`)
    .join(', ');
}

/** From this number of unavailable backends on, they are combined in one line. */
const minCombined = 3;

/** Whether unavailable backends are combined in one line; backends named in the options have their own rows. */
function combinesUnavailable({ rows, facts }: ReportData): boolean {
  return facts.named !== true && rows.filter(({ kind }) => kind === 'unavailable').length >= minCombined;
}

/** Measured rows in their order, then the others, without those in `unavailableLine`. */
function sortedRows(report: ReportData): BackendRow[] {
  const last = (row: BackendRow): number => (row.kind === 'unavailable' ? 1 : 0);
  const folded = combinesUnavailable(report);
  return report.rows.filter((row) => !folded || row.kind !== 'unavailable').sort((a, b) => last(a) - last(b));
}

/** `Not available here: gpu, tensorrt (built without CUDA); onednn-int8 (…)`; empty if each has its own row. */
function unavailableLine(report: ReportData): string[] {
  if (!combinesUnavailable(report)) return [];
  const byReason = new Map<string, string[]>();
  for (const row of report.rows) {
    if (row.kind !== 'unavailable') continue;
    const reason = short(row.reason);
    byReason.set(reason, [...(byReason.get(reason) ?? []), row.backend]);
  }
  const parts = [...byReason].map(([reason, names]) => `${names.join(', ')} (${reason})`);
  return [`Not available here: ${parts.join('; ')}`];
}

function titleOf({ facts, paddle }: ReportData): string {
  const { protocol, images } = facts;
  const scope = protocol.mode === 'model' ? 'network only' : 'from pixels to results';
  const on = images === 1 ? '' : ` on ${images} images`;
  const version = paddle === undefined ? '' : ` on Paddle ${paddle}`;
  return `Backends for ${facts.model}${version}: ${scope}${on}, ${protocol.runs} runs in ${protocol.rounds} rounds`;
}

function machineOf({ facts }: ReportData): string {
  const { machine, seconds, protocol, startedAt } = facts;
  const features = machine.cpuFeatures.join(' ');
  const gpus = machine.gpus.length === 0 ? '' : `, ${machine.gpus.join(', ')}`;
  return (
    `${machine.cpu}, ${machine.threads} threads (${features})${gpus}; ${machine.system.split(' ')[0]}, Node ${machine.node}, ` +
    `paddlelab ${machine.paddlelab}; ${startedAt.slice(0, 10)}, ${seconds.toFixed(0)} s, seed ${protocol.seed}`
  );
}

/** What the figures of the accuracy are of; empty without a data set. */
function datasetLine({ facts: { dataset }, baseline, measured }: ReportData): string[] {
  const evaluated = measured.flatMap(({ accuracy }) => (accuracy?.kind === 'measured' ? [accuracy] : []));
  const [first] = evaluated;
  if (dataset === undefined || first === undefined) return [];
  const range =
    baseline === undefined ? '' : `; differences to ${baseline} on the same images, with their 95 % intervals`;
  return [`${first.name} on ${shownPath(dataset.path)} (${first.images} images)${range}`];
}

function warningsOf(report: ReportData): string[] {
  const base = report.measured.find(({ backend }) => backend === report.baseline);
  const wrong = report.measured.filter((row) => !row.agrees && base !== undefined && row.medianMs < base.medianMs);
  const reloaded = report.measured.filter(({ reloads }) => reloads > 0);
  return [
    ...wrong.map(({ backend, ownWeights, outputs }) =>
      ownWeights && outputs?.maxAbs === 0
        ? `⚠ ${backend} has other weights than ${report.baseline}, although these images don't show it.`
        : `⚠ ${backend} is fast, but its results differ from those of ${report.baseline}.`,
    ),
    ...(reloaded.length === 0
      ? []
      : [
          'Not all backends fitted into memory at once: some were loaded again for each round, which can make times vary more.',
        ]),
  ];
}

/** The report as text for a terminal. */
export function reportText(report: ReportData): string {
  const columns = columnsOf(report);
  const rows = sortedRows(report);
  const cells = rows.map((row) => (row.kind === 'measured' ? columns.map(({ cell }) => cell(row, report)) : undefined));
  const names = rows.map((row) => nameOf(row, report));
  const measured = cells.filter((line) => line !== undefined);
  const titles = columns.map(({ title }) => title);
  const aligned = alignRows(
    [titles, ...measured, ...names.map((name) => [name])],
    columns.map(({ text }) => (text ? 'left' : 'right')),
  );
  const width = Math.max(...[titles[0] ?? '', ...names].map((name) => displayWidth(showControls(name))));
  let next = 1;
  const body = rows.map((row, i) => {
    if (row.kind === 'measured') return aligned[next++] ?? '';
    return `${pad(showControls(names[i] ?? ''), width)}  ${row.kind}: ${short(row.reason)}`;
  });
  return [
    showControls(titleOf(report)),
    ...(rows.length === 0 ? [] : [aligned[0] ?? '']),
    ...body,
    ...unavailableLine(report).map(showControls),
    ...datasetLine(report).map(showControls),
    ...warningsOf(report).map(showControls),
    showControls(machineOf(report)),
  ].join('\n');
}

/** Paddle's messages can be many lines long. */
function short(reason: string): string {
  const line = showControls(reason.split('\n').find((candidate) => candidate.trim() !== '') ?? '');
  return line.length > 200 ? `${line.slice(0, 197)}…` : line;
}

/** The first line of the report: the recommended backend, and how much faster it is. */
export function headlineHtml({ best, baseline, measured }: ReportData): string {
  const row = measured.find(({ backend }) => backend === best?.name);
  if (row === undefined) return '';
  const { speedup } = row;
  const faster =
    speedup === undefined || baseline === undefined || baseline === row.backend
      ? ''
      : `, ${ratio(speedup)} as fast as ${baseline}`;
  const text = `★ ${row.backend}: ${ms(row.medianMs)} ms a run${faster}, ${row.agrees ? 'the same results' : 'other results'}`;
  return `<div style="font-weight:bold">${escapeHtml(text)}</div>`;
}

/** Colours come from the theme, so that the table is readable in light and dark mode. */
export function reportHtml(report: ReportData): string {
  const columns = columnsOf(report);
  const cell = (tag: string, text: string, left: boolean, rest = ''): string =>
    `<${tag} style="text-align:${left ? 'left' : 'right'};white-space:nowrap"${rest}>${escapeHtml(text)}</${tag}>`;
  const body = sortedRows(report).map((row) => {
    const style = row.backend === report.best?.name ? ' style="font-weight:bold"' : '';
    if (row.kind === 'measured') {
      return `<tr${style}>${columns.map(({ cell: show, text }) => cell('td', show(row, report), text === true)).join('')}</tr>`;
    }
    const reason = `<td colspan="${columns.length - 1}" style="text-align:left;white-space:normal;opacity:.75">`;
    const words = `${reason}${escapeHtml(`${row.kind}: ${short(row.reason)}`)}</td>`;
    return `<tr>${cell('td', row.backend, true)}${words}</tr>`;
  });
  const head = columns.map(({ title, text }) => cell('th', title, text === true)).join('');
  const notes = [...unavailableLine(report), ...datasetLine(report), ...warningsOf(report)].map(
    (text) => `<div>${escapeHtml(text)}</div>`,
  );
  const machine = `<div style="opacity:.6;font-size:smaller">${escapeHtml(machineOf(report))}</div>`;
  const table = body.length === 0 ? '' : scrollingTable(`<tr>${head}</tr>${body.join('\n')}`, numbersStyle);
  return `<div><div>${escapeHtml(titleOf(report))}</div>${table}${notes.join('')}${machine}</div>`;
}

export function reportMarkdown(report: ReportData): string {
  const columns = columnsOf(report);
  const rows = sortedRows(report).map((row) => {
    if (row.kind === 'measured') return markdownRow(columns.map(({ cell }) => cell(row, report)));
    return markdownRow([row.backend, row.kind, ...columns.slice(3).map(() => ''), short(row.reason)]);
  });
  const rule = `|${columns.map(({ text }) => (text ? ' --- ' : ' ---: ')).join('|')}|`;
  const notes = [...unavailableLine(report), ...warningsOf(report), machineOf(report)].map(
    (text) => `\n${showControls(text)}`,
  );
  return [
    showControls(titleOf(report)),
    ...(rows.length === 0 ? [] : ['', markdownRow(columns.map(({ title }) => title)), rule, ...rows]),
    ...notes,
    '',
  ].join('\n');
}
