import { describeAgreement } from '../agreement/agreements';
import type { Interval } from '../evaluate/interval';
import { type CsvCell, csvLine } from '../text/csv';
import type { Accuracy } from './accuracy';
import type { ReportData } from './report-data';
import { showThroughput } from './report-table';
import type { MeasuredRow } from './rows';

const csvColumns: readonly (readonly [string, (row: MeasuredRow) => CsvCell])[] = [
  ['library', (row) => row.library],
  ['threads', (row) => row.settings.threads],
  ['precision', (row) => row.settings.precision ?? 'fp32'],
  ['medianMs', (row) => row.medianMs],
  ['p90Ms', (row) => row.p90Ms],
  ['p99Ms', (row) => row.p99Ms],
  ['meanMs', (row) => row.meanMs],
  ['standardDeviationMs', (row) => row.standardDeviationMs],
  ['minMs', (row) => row.minMs],
  ['maxMs', (row) => row.maxMs],
  ['runs', (row) => row.runs],
  ['speedup', (row) => row.speedup?.value],
  ['speedupLow', (row) => row.speedup?.low],
  ['speedupHigh', (row) => row.speedup?.high],
  ['loadMs', (row) => row.loadMs],
  ['firstRunMs', (row) => row.firstRunMs],
  ['preprocessMs', (row) => row.stages?.preprocessMs],
  ['inferenceMs', (row) => row.stages?.inferenceMs],
  ['postprocessMs', (row) => row.stages?.postprocessMs],
  ['peakMemoryBytes', (row) => row.peakMemory],
  ['gpuMemoryBytes', (row) => row.gpuMemory],
  ['sentBytes', (row) => row.traffic?.sentBytes],
  ['receivedBytes', (row) => row.traffic?.receivedBytes],
  ['agrees', (row) => row.agrees],
  ['agreement', (row) => (row.agreement === undefined ? undefined : describeAgreement(row.agreement))],
  ['maxAbsDifference', (row) => row.outputs?.maxAbs],
  ['meanAbsDifference', (row) => row.outputs?.meanAbs],
  ['cosine', (row) => row.outputs?.cosine],
  ['accuracyName', ({ accuracy }) => (accuracy?.kind === 'measured' ? accuracy.name : undefined)],
  ['accuracy', ({ accuracy }) => (accuracy?.kind === 'measured' ? accuracy.value : undefined)],
  ['accuracyDifference', ({ accuracy }) => (accuracy?.kind === 'measured' ? accuracy.difference?.value : undefined)],
  ['accuracyDifferenceLow', ({ accuracy }) => differenceOf(accuracy)?.low],
  ['accuracyDifferenceHigh', ({ accuracy }) => differenceOf(accuracy)?.high],
  ['imagesPerSecond', (row) => showThroughput(row)],
];

function differenceOf(accuracy: Accuracy | undefined): Interval | undefined {
  return accuracy?.kind === 'measured' ? accuracy.difference?.interval : undefined;
}

export function toCsv({ rows }: ReportData): string {
  const head = ['backend', 'outcome', ...csvColumns.map(([title]) => title), 'reason'];
  const lines = rows.map((row) => {
    const measured = row.kind === 'measured';
    const values = csvColumns.map(([, value]) => (measured ? value(row) : undefined));
    return csvLine([row.backend, row.kind, ...values, measured ? undefined : row.reason]);
  });
  return `${[csvLine(head), ...lines].join('\n')}\n`;
}
