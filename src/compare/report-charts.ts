import { Figure } from '../plot/figure';
import { placeLabels } from '../plot/label-places';
import { linearTicks } from '../plot/scale';
import type { ScatterTrace, TextPosition } from '../plot/types';
import type { ReportData } from './report-data';
import { showTraffic } from './report-table';
import { type MeasuredRow, shareOf } from './rows';

const agreeing = '#0072b2';
const wrong = '#d55e00';

/** Latency against agreement: the best is at the top left. */
export function agreementChart({ measured, best, baseline }: ReportData): Figure {
  const times = timeRange(measured);
  const low = Math.min(...measured.map((row) => 100 * shareOf(row)));
  const range = [low < 99 ? Math.max(0, low - 8) : 98.8, 100] as const;
  const places = labelPlaces(measured, best?.name, times, range);
  const trace = (name: string, rows: readonly MeasuredRow[], color: string): ScatterTrace => ({
    type: 'scatter',
    name,
    mode: 'markers+text',
    x: rows.map(({ medianMs }) => medianMs),
    y: rows.map((row) => 100 * shareOf(row)),
    text: rows.map((row) => (places.get(row) === undefined ? '' : row.backend)),
    textposition: rows.map((row) => places.get(row) ?? 'top center'),
    marker: { color, size: 11, symbol: rows.map(({ backend }) => (backend === best?.name ? 'star' : 'circle')) },
    // Points at 100 % are at the end of the axis.
    cliponaxis: false,
    error_x: {
      type: 'data',
      symmetric: false,
      array: rows.map(({ p90Ms, medianMs }) => p90Ms - medianMs),
      arrayminus: rows.map(({ minMs, medianMs }) => medianMs - minMs),
    },
    customdata: rows.map((row) => `${row.backend}${trafficOf(row)}`),
    hovertemplate: '%{customdata}: %{x:.2f} ms, %{y:.2f} %<extra></extra>',
  });
  // The best backend is drawn last, so that its star is on top.
  const isBest = (row: MeasuredRow): number => Number(row.backend === best?.name);
  const sorted = [...measured].sort((a, b) => isBest(a) - isBest(b));
  const of = (agrees: boolean): readonly MeasuredRow[] => sorted.filter((row) => row.agrees === agrees);
  const parts = [trace('agrees', of(true), agreeing), trace('disagrees', of(false), wrong)].filter(
    ({ x }) => x.length > 0,
  );
  return new Figure(parts, {
    title: { text: 'Latency and agreement' },
    xaxis: { title: { text: 'median of a run, ms (bars: fastest to p90)' }, type: 'log', range: times },
    yaxis: {
      title: { text: baseline === undefined ? 'agreement' : `agreement with ${baseline}` },
      ticksuffix: ' %',
      range,
      tickvals: linearTicks(range[0], 100, 6),
    },
    showlegend: parts.length > 1,
  });
}

/** The range of all times, with room for labels next to them; as exponents of 10. */
function timeRange(rows: readonly MeasuredRow[]): readonly [number, number] | undefined {
  const times = rows.flatMap(({ minMs, p90Ms }) => [minMs, p90Ms]).filter((ms) => ms > 0);
  if (times.length === 0) return undefined;
  const [low, high] = [Math.log10(Math.min(...times)), Math.log10(Math.max(...times))];
  const room = Math.max(0.1, 0.15 * (high - low));
  return [low - room, high + room];
}

/** Approximate width of the plot area in both renderers, in pixels. */
const plotWidth = 560;
const plotHeight = 320;

/**
 * Places the labels: the best backend first, then the fastest; labels without enough room are omitted (the table has
 * all).
 */
function labelPlaces(
  rows: readonly MeasuredRow[],
  best: string | undefined,
  times: readonly [number, number] | undefined,
  shares: readonly [number, number],
): Map<MeasuredRow, TextPosition | undefined> {
  const [left, right] = times ?? [0, 1];
  const points = [...rows]
    .sort((a, b) => Number(b.backend === best) - Number(a.backend === best) || a.medianMs - b.medianMs)
    .map((row) => ({
      row,
      text: row.backend,
      x: ((Math.log10(row.medianMs) - left) / (right - left)) * plotWidth,
      y: ((shares[1] - 100 * shareOf(row)) / (shares[1] - shares[0])) * plotHeight,
    }));
  const places = placeLabels(points, plotWidth, plotHeight);
  return new Map(points.map(({ row }, i) => [row, places[i]]));
}

/** `, 787 kB + 3 kB a run` for a model on a server. */
function trafficOf(row: MeasuredRow): string {
  return row.traffic === undefined ? '' : `, ${showTraffic(row)} a run`;
}

/** One box per backend, the fastest at the top. */
export function distributionChart({ measured, best }: ReportData): Figure {
  const slowestFirst = [...measured].sort((a, b) => b.medianMs - a.medianMs);
  return new Figure(
    slowestFirst.map((row) => ({
      type: 'box',
      name: `${row.backend === best?.name ? `${row.backend} (best)` : row.backend}${trafficOf(row)}`,
      x: row.roundsMs.flat(),
      marker: { color: row.agrees ? agreeing : wrong },
      boxpoints: 'outliers',
    })),
    {
      title: { text: 'Distribution of times' },
      height: 130 + 42 * measured.length,
      xaxis: { title: { text: 'a run, ms' }, type: 'log' },
      yaxis: { automargin: true },
      showlegend: false,
    },
  );
}
