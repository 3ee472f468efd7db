import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { escapeHtml } from '../display/display';
import { readFile } from '../files/fs';
import { showControlsInLines } from '../text/controls';
import { extentOf, traceColor } from './png-chart';
import { logTicks, makeScale, shortNumber } from './scale';
import type { Axis, Layout, Trace } from './types';

/** The parts of a chart for HTML. */
export interface ChartHtml {
  readonly data: readonly Trace[];
  readonly layout: Layout;
  /** Shown until scripts have run, and where they can't. */
  readonly png: Uint8Array;
  /** Alternative text. */
  readonly description: string;
}

/**
 * A chart as an HTML fragment. Its script finds Plotly in the page, and waits for the fragment that contains it; until
 * then, and without scripts, the picture is shown.
 *
 * @param bundle from `plotlyBundle`, for the first chart of a page; '' for the others
 */
export function chartHtml({ data, layout, png, description }: ChartHtml, bundle: string): string {
  const id = `paddlelab-${randomUUID()}`;
  const image = `data:image/png;base64,${Buffer.from(png).toString('base64')}`;
  const width = layout.width ?? 720;
  const fallback = `<img alt="${escapeHtml(description)}" style="max-width:100%;width:${width}px" src="${image}"/>`;
  const chart = inScript({ data, layout: plotlyLayout(data, layout) });
  return `<div id="${id}">${fallback}</div>${bundle}<script>(${drawInPage})(${JSON.stringify(id)}, ${chart});</script>`;
}

/** A standalone page. */
export async function chartPage(chart: ChartHtml): Promise<string> {
  const body = chartHtml(chart, await plotlyBundle());
  const title = escapeHtml(chart.description);
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title}</title></head><body>${body}</body></html>`;
}

let bundleText: Promise<string> | undefined;

/** Plotly itself as a compressed script, so that charts work without a network and the notebook stays small. */
export function plotlyBundle(): Promise<string> {
  bundleText ??= makeBundle();
  return bundleText;
}

async function makeBundle(): Promise<string> {
  const file = createRequire(__filename).resolve('plotly.js-cartesian-dist-min/plotly-cartesian.min.js');
  const packed = await promisify(gzip)(await readFile(file), { level: 9 });
  return `<script>(${unpackInPage})("${packed.toString('base64')}");</script>`;
}

/** JSON for use inside a script element: it can't contain the end tag. */
function inScript(value: unknown): string {
  return showControlsInLines(JSON.stringify(value)).replace(/</g, '\\u003c');
}

/** The layout for Plotly: the defaults of paddlelab's renderer, and margins for texts. */
function plotlyLayout(data: readonly Trace[], layout: Layout): object {
  const axis = (side: 'x' | 'y', given: Axis | undefined): object => {
    const title = given?.title === undefined ? {} : { title: { ...given.title, standoff: 10 } };
    return { automargin: true, zeroline: false, ...given, ...title, ...logAxis(data, layout, side, given) };
  };
  return {
    margin: { t: layout.title === undefined ? 24 : 56, r: 24, b: 48, l: 56 },
    height: 420,
    colorway: Array.from({ length: 7 }, (_, i) => traceColor(i)),
    hovermode: 'closest',
    ...layout,
    title: layout.title === undefined ? undefined : { ...layout.title, x: 0.02, xanchor: 'left' },
    xaxis: axis('x', layout.xaxis),
    yaxis: axis('y', layout.yaxis),
  };
}

/** The ticks named by an axis, and the range and ticks of a logarithmic axis, as in the picture. */
function logAxis(data: readonly Trace[], layout: Layout, side: 'x' | 'y', axis: Axis | undefined): object {
  const texts = (tickvals: readonly number[]): object => {
    const suffix = axis?.ticksuffix ?? '';
    return { tickmode: 'array', tickvals, ticktext: tickvals.map((value) => `${shortNumber(value)}${suffix}`) };
  };
  if (axis?.type !== 'log') return axis?.tickvals === undefined ? {} : texts(axis.tickvals);
  const { range } = makeScale(axis, extentOf(data, layout, side), 0, 1, 6);
  return { range, ...texts(axis.tickvals ?? ticksAround(Math.min(...range), Math.max(...range))) };
}

/** Full numbers, also after zooming out; by default Plotly writes single digits between powers of ten. */
function ticksAround(low: number, high: number): number[] {
  const all = [...logTicks(low - 6, low), ...logTicks(low, high), ...logTicks(high, high + 6)];
  return [...new Set(all)].sort((a, b) => a - b);
}

/* The source text of the two functions below runs in a page: they may not use anything from outside. */

const drawInPage = `function (id, chart) {
  var dark = function () {
    var body = document.body, theme = body.getAttribute('data-jp-theme-light');
    if (theme !== null) return theme === 'false';
    if (/vscode-/.test(body.className)) return /vscode-(dark|high-contrast(?!-light))/.test(body.className);
    var back = getComputedStyle(body).backgroundColor.match(/[\\d.]+/g);
    if (back === null || (back.length > 3 && Number(back[3]) === 0)) return false;
    return 0.3 * back[0] + 0.6 * back[1] + 0.1 * back[2] < 100;
  };
  var draw = function (plotly) {
    var place = document.getElementById(id);
    if (place === null || place.dataset.drawn) return;
    place.dataset.drawn = 'yes';
    var ink = dark() ? '#d5d9de' : '#343a40', grid = dark() ? '#454b52' : '#e3e6ea';
    var colors = { paper_bgcolor: 'rgba(0,0,0,0)', plot_bgcolor: 'rgba(0,0,0,0)', font: { color: ink } };
    var layout = Object.assign({}, chart.layout, colors), room = place.clientWidth;
    if (room > 0 && room < layout.width) delete layout.width;
    if (room > 0 && room < 520) {
      layout.title = layout.title && Object.assign({}, layout.title, { font: { size: 14 } });
      layout.margin = Object.assign({}, layout.margin, { l: 44, r: 12 });
      layout.legend = { orientation: 'h', x: 0, xanchor: 'left', y: -0.2, yanchor: 'top' };
    }
    ['xaxis', 'yaxis'].forEach(function (axis) { layout[axis] = Object.assign({ gridcolor: grid, linecolor: grid }, layout[axis]); });
    place.textContent = '';
    plotly.newPlot(place, chart.data, layout, { responsive: true, displaylogo: false });
  };
  if (window.paddlelabPlotly !== undefined) draw(window.paddlelabPlotly);
  else document.addEventListener('paddlelab-plotly', function () { draw(window.paddlelabPlotly); });
}`;

const unpackInPage = `async function (packed) {
  if (window.paddlelabPlotly !== undefined) return;
  var bytes = Uint8Array.from(atob(packed), function (character) { return character.charCodeAt(0); });
  var stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
  var code = await new Response(stream).text(), holder = { exports: {} };
  new Function('module', 'exports', 'define', code).call(window, holder, holder.exports, undefined);
  window.paddlelabPlotly = holder.exports.newPlot === undefined ? window.Plotly : holder.exports;
  document.dispatchEvent(new Event('paddlelab-plotly'));
}`;
