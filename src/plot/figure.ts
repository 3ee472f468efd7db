import path from 'node:path';
import { inspectCustom, jupyterDisplay, type MimeBundle } from '../display/display';
import { currentCell } from '../display/live-output';
import { writeAtomically } from '../files/atomic-file';
import { writeFile } from '../files/fs';
import { showControls } from '../text/controls';
import { checkOneOf, checkString, invalidArgument } from '../validate';
import { traceTypes } from './marks/marks';
import { type ChartHtml, chartHtml, chartPage, plotlyBundle } from './plotly-html';
import { renderPng, renderSvg } from './png-chart';
import type { Layout, Trace } from './types';

/** The cell whose output contains Plotly for all charts of the notebook; undefined before the first chart. */
let plotlyCell: { readonly id: string | undefined; readonly run: string } | undefined;

/**
 * Whether the next chart has to include Plotly: the first one, and one whose cell runs again, because that removes its
 * old output.
 */
function mustIncludePlotly(): boolean {
  const cell = currentCell() ?? { id: undefined, run: '' };
  const again = plotlyCell?.id !== undefined && plotlyCell.id === cell.id && plotlyCell.run !== cell.run;
  if (plotlyCell !== undefined && !again) return false;
  plotlyCell = cell;
  return true;
}

/**
 * A chart in Plotly's format: in a notebook it can be zoomed and hovered over, without a network; a static picture
 * replaces it where scripts don't run.
 *
 * @example
 * import { Figure } from 'paddlelab';
 * const figure = new Figure([{ type: 'bar', x: ['plain', 'onednn'], y: [61, 40] }], { yaxis: { title: { text: 'ms' } } });
 * await figure.save('latency.png');
 */
export class Figure {
  constructor(
    readonly data: readonly Trace[],
    readonly layout: Layout = {},
  ) {
    if (!Array.isArray(data)) throw invalidArgument('data', 'array of traces', data);
    data.forEach((trace: Trace, i) => {
      checkOneOf(`data[${i}].type`, trace?.type, traceTypes);
    });
  }

  /** The picture as a PNG, at twice the size of the layout. */
  toBuffer(): Promise<Buffer> {
    return renderPng(this.data, this.layout);
  }

  /** The picture as SVG, with texts as outlines. */
  toSvg(): string {
    return renderSvg(this.data, this.layout);
  }

  /** A page with the chart, including all of Plotly. */
  async toHtml(): Promise<string> {
    return chartPage(await this.#chart());
  }

  /**
   * Writes the chart as `.png`, `.svg` or `.html`; the file is only created when complete. Missing folders are created.
   *
   * @returns the absolute path
   * @throws PaddleLabError INVALID_ARGUMENT, FILE_UNWRITABLE
   */
  async save(file: string): Promise<string> {
    const target = path.resolve(checkString('file', file));
    const ending = checkOneOf('file extension', path.extname(target), ['.png', '.svg', '.html']);
    const content = await { '.png': () => this.toBuffer(), '.svg': () => this.toSvg(), '.html': () => this.toHtml() }[
      ending
    ]();
    await writeAtomically(target, (temporary) => writeFile(temporary, content));
    return target;
  }

  /** The chart in Plotly's JSON format. */
  toJSON(): object {
    return { data: this.data, layout: this.layout };
  }

  /** `Figure "Latency" (2 traces)`. */
  toString(): string {
    const title = this.layout.title === undefined ? '' : ` ${JSON.stringify(this.layout.title.text)}`;
    return showControls(`Figure${title} (${this.data.length} ${this.data.length === 1 ? 'trace' : 'traces'})`);
  }

  async [jupyterDisplay](): Promise<MimeBundle> {
    const chart = await this.#chart();
    const bundle = mustIncludePlotly() ? await plotlyBundle() : '';
    return { 'text/html': chartHtml(chart, bundle), 'image/png': chart.png, 'text/plain': this.toString() };
  }

  [inspectCustom](): string {
    return this.toString();
  }

  async #chart(): Promise<ChartHtml & { png: Buffer }> {
    const { data, layout } = this;
    return { data, layout, png: await this.toBuffer(), description: this.toString() };
  }
}
