import { Figure } from '../plot/figure';
import { linearTicks } from '../plot/scale';
import type { ScatterTrace, TextPosition } from '../plot/types';
import type { BackendReport } from './report';
import { type MeasuredRow, shareOf } from './rows';

const agreeing = '#0072b2';
const wrong = '#d55e00';

/** Latency against agreement: the best stands at the top left. */
export function agreementChart({ measured, best, baseline }: BackendReport): Figure {
  const places = labelPlaces(measured);
  const trace = (name: string, rows: readonly MeasuredRow[], color: string): ScatterTrace => ({
    type: 'scatter',
    name,
    mode: 'markers+text',
    x: rows.map(({ medianMs }) => medianMs),
    y: rows.map((row) => 100 * shareOf(row)),
    text: rows.map(({ backend }) => backend),
    textposition: rows.map((row) => places.get(row) ?? 'top center'),
    marker: { color, size: 11, symbol: rows.map(({ backend }) => (backend === best?.name ? 'star' : 'circle')) },
    error_x: {
      type: 'data',
      symmetric: false,
      array: rows.map(({ p90Ms, medianMs }) => p90Ms - medianMs),
      arrayminus: rows.map(({ minMs, medianMs }) => medianMs - minMs),
    },
    hovertemplate: '%{text}: %{x:.2f} ms, %{y:.2f} %<extra></extra>',
  });
  const parts = [
    trace(
      'agrees',
      measured.filter(({ agrees }) => agrees),
      agreeing,
    ),
    trace(
      'disagrees',
      measured.filter(({ agrees }) => !agrees),
      wrong,
    ),
  ].filter(({ x }) => x.length > 0);
  const low = Math.min(...measured.map((row) => 100 * shareOf(row)));
  // Room for the marks at 100 %, but no tick beyond it.
  const range = low < 99 ? ([Math.max(0, low - 8), 104] as const) : ([98.8, 100.4] as const);
  return new Figure(parts, {
    title: { text: 'Latency and agreement' },
    xaxis: { title: { text: 'median of a run, ms (bars: fastest to p90)' }, type: 'log', range: timeRange(measured) },
    yaxis: {
      title: { text: baseline === undefined ? 'agreement' : `agreement with ${baseline}` },
      ticksuffix: ' %',
      range,
      tickvals: linearTicks(range[0], 100, 6),
    },
    showlegend: parts.length > 1,
  });
}

/** All times, with room for the names beside them; as exponents of 10. */
function timeRange(rows: readonly MeasuredRow[]): readonly [number, number] | undefined {
  const times = rows.flatMap(({ minMs, p90Ms }) => [minMs, p90Ms]).filter((ms) => ms > 0);
  if (times.length === 0) return undefined;
  const [low, high] = [Math.log10(Math.min(...times)), Math.log10(Math.max(...times))];
  const room = Math.max(0.1, 0.15 * (high - low));
  return [low - room, high + room];
}

/** Neighbours would write over each other, so that their names stand above and below alternately. */
function labelPlaces(rows: readonly MeasuredRow[]): Map<MeasuredRow, TextPosition> {
  const sorted = [...rows].sort((a, b) => a.medianMs - b.medianMs);
  return new Map(sorted.map((row, i) => [row, i % 2 === 0 ? 'top center' : 'bottom center']));
}

/** A box for each backend, the fastest at the top. */
export function distributionChart({ measured, best }: BackendReport): Figure {
  const slowestFirst = [...measured].sort((a, b) => b.medianMs - a.medianMs);
  return new Figure(
    slowestFirst.map(({ backend, roundsMs, agrees }) => ({
      type: 'box',
      name: backend === best?.name ? `${backend} (best)` : backend,
      x: roundsMs.flat(),
      marker: { color: agrees ? agreeing : wrong },
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
