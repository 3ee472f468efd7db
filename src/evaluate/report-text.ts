import type { DatasetProblem } from '../datasets/dataset';
import { escapeHtml } from '../display/display';
import { type ResultTable, tableBundle, tableLines } from '../display/result-table';
import { shownPath } from '../files/shown-path';
import { showControls } from '../text/controls';
import { markdownRow } from '../text/table';
import type { EvaluationReportData } from './report-data';

/** A figure in percent, as papers give it: `71.59`; a dash if the data set has nothing to measure it on. */
export function points(value: number | undefined): string {
  return value === undefined ? '–' : (100 * value).toFixed(2);
}

/** `AP 71.59 (68.40–74.72)`. */
export function mainText({ figures: [main], interval }: EvaluationReportData): string {
  const range = interval === undefined ? '' : ` (${points(interval.low)}–${points(interval.high)})`;
  return `${main.name} ${points(main.value)}${range}`;
}

function titleOf(report: EvaluationReportData): string {
  const { model, dataset, evaluated, interrupted } = report.facts;
  const images = evaluated === dataset.images ? `${evaluated} images` : `${evaluated} of ${dataset.images} images`;
  const stopped = interrupted ? ', interrupted' : '';
  return `${model} on ${shownPath(dataset.path)} (${dataset.format}, ${images}${stopped}): ${mainText(report)}`;
}

function footOf({ facts, interval }: EvaluationReportData): string {
  const { backend, seconds, imagesPerSecond, startedAt, paddlelab } = facts;
  const speed = imagesPerSecond === undefined ? '' : `, ${imagesPerSecond.toPrecision(3)} images/s`;
  const range = interval === undefined ? '' : '; in brackets the 95 % interval over other draws of the images';
  return `${backend}; ${seconds.toFixed(1)} s${speed}; paddlelab ${paddlelab}, ${startedAt.slice(0, 10)}${range}`;
}

function figuresTable({ figures }: EvaluationReportData): ResultTable {
  return {
    columns: [
      { title: 'figure', align: 'left' },
      { title: '%', align: 'right' },
      { title: 'meaning', align: 'left' },
    ],
    rows: figures.map(({ name, value, meaning }) => [name, points(value), meaning]),
  };
}

function classesTable({ classes, classColumns }: EvaluationReportData): ResultTable {
  return {
    columns: [
      { title: 'class', align: 'left' },
      ...classColumns.map(
        ({ name, unit }) => ({ title: unit === 'share' ? `${name} %` : name, align: 'right' }) as const,
      ),
    ],
    rows: classes.map(({ label, values }) => [
      label,
      ...values.map((value, at) => (classColumns[at]?.unit === 'count' ? String(value ?? '–') : points(value))),
    ]),
    classIds: classes.map(({ classId }) => classId),
  };
}

const kindTexts: Record<DatasetProblem['kind'], string> = {
  'image-left-out': 'images left out',
  'object-left-out': 'true objects left out',
  kept: 'used although they look wrong',
};

/** More problems of a kind than this are only counted. */
const maxNamed = 5;

/** `images left out: 2`, and the first ones with their places. */
export function problemLines(problems: readonly DatasetProblem[]): string[] {
  return (Object.keys(kindTexts) as DatasetProblem['kind'][]).flatMap((kind) => {
    const own = problems.filter((problem) => problem.kind === kind);
    if (own.length === 0) return [];
    const named = own.slice(0, maxNamed).map(({ file, place, message }) => {
      return `  ${shownPath(file)}${place === undefined ? '' : `, ${place}`}: ${message}`;
    });
    const more = own.length > maxNamed ? [`  … and ${own.length - maxNamed} more, in the JSON`] : [];
    return [`⚠ ${kindTexts[kind]}: ${own.length}`, ...named, ...more];
  });
}

/** The report as text for a terminal. */
export function reportText(report: EvaluationReportData): string {
  return [
    showControls(titleOf(report)),
    ...tableLines(figuresTable(report)),
    ...(report.classes.length === 0 ? [] : ['', ...tableLines(classesTable(report))]),
    ...problemLines(report.problems).map(showControls),
    showControls(footOf(report)),
  ].join('\n');
}

export function reportMarkdown(report: EvaluationReportData): string {
  const table = ({ columns, rows }: ResultTable): string[] => {
    const titles = columns.map((column) => (typeof column === 'string' ? column : column.title));
    const align = columns.map((column) => (typeof column !== 'string' && column.align === 'left' ? '---' : '---:'));
    return [markdownRow(titles), markdownRow(align), ...rows.map((row) => markdownRow(row.map(String)))];
  };
  const problems = problemLines(report.problems).map((line) => `- ${showControls(line.trim())}`);
  return [
    showControls(titleOf(report)),
    '',
    ...table(figuresTable(report)),
    ...(report.classes.length === 0 ? [] : ['', ...table(classesTable(report))]),
    ...(problems.length === 0 ? [] : ['', ...problems]),
    '',
    showControls(footOf(report)),
  ].join('\n');
}

/** The first line of the report: what was evaluated, and the main figure. */
export function headlineHtml(report: EvaluationReportData): string {
  return `<div style="font-weight:bold">${escapeHtml(titleOf(report))}</div>`;
}

/** The tables below the first chart. */
export function tablesHtml(report: EvaluationReportData): string {
  const html = (headline: string, table: ResultTable): string => String(tableBundle(headline, table)['text/html']);
  const problems = problemLines(report.problems).map((line) => `<div>${escapeHtml(line)}</div>`);
  return [
    html('All figures', figuresTable(report)),
    ...(report.classes.length === 0 ? [] : [html('By class', classesTable(report))]),
    ...problems,
    `<div style="opacity:.6;font-size:smaller">${escapeHtml(footOf(report))}</div>`,
  ].join('\n');
}
