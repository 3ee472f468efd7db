import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { inspect } from 'node:util';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { jupyterDisplay } from '../../src';
import { Figure } from '../../src/plot/figure';
import { quartilesOf } from '../../src/plot/marks/box';
import { colorAt, defaultColorscale } from '../../src/plot/marks/heatmap';
import { linearTicks, makeScale } from '../../src/plot/scale';
import type { Layout, Trace } from '../../src/plot/types';
import { makeFolder } from '../helpers/folders';
import { openBrowser } from './page';

const latencies = [5.1, 5.2, 5.2, 5.3, 5.4, 5.5, 9];

const charts: Readonly<Record<string, { data: Trace[]; layout?: Layout }>> = {
  scatter: {
    data: [
      {
        type: 'scatter',
        name: 'backends',
        mode: 'markers+text',
        x: [61, 40, 5.8],
        y: [1, 0.999, 0.97],
        text: ['plain', 'onednn', 'openvino'],
        marker: { symbol: ['circle', 'diamond', 'star'], size: 12 },
        error_x: { type: 'data', array: [4, 3, 1] },
      },
    ],
    layout: {
      title: { text: 'Latency and agreement' },
      xaxis: { type: 'log', title: { text: 'ms' } },
      yaxis: { title: { text: 'agreement' } },
    },
  },
  line: { data: [{ type: 'scatter', mode: 'lines', x: [0, 1, 2], y: [3, -1, 4], line: { dash: 'dash' } }] },
  bar: {
    data: [
      { type: 'bar', name: 'load', x: ['plain', 'onednn'], y: [120, 240] },
      { type: 'bar', name: 'first run', x: ['plain', 'onednn'], y: [60, 90], text: ['60 ms', '90 ms'] },
    ],
  },
  box: {
    data: [
      { type: 'box', name: 'plain', y: latencies },
      { type: 'box', name: 'onednn', y: latencies.map((value) => value * 2) },
    ],
  },
  histogram: { data: [{ type: 'histogram', x: latencies, nbinsx: 5 }] },
  heatmap: {
    data: [
      {
        type: 'heatmap',
        x: ['a', 'b', 'c'],
        y: ['d', 'e'],
        z: [
          [0, 1, 2],
          [3, 4, 5],
        ],
        text: [
          ['0', '1', '2'],
          ['3', '4', '5'],
        ],
        texttemplate: '%{text}',
      },
    ],
  },
};

/** The number of pixels that are neither white nor a grey of axes and texts. */
async function colouredPixels(png: Buffer): Promise<number> {
  const { data } = await sharp(png).removeAlpha().toColourspace('srgb').raw().toBuffer({ resolveWithObject: true });
  let count = 0;
  for (let i = 0; i < data.length; i += 3) {
    const [red = 0, green = 0, blue = 0] = data.subarray(i, i + 3);
    if (Math.max(red, green, blue) - Math.min(red, green, blue) > 40) count++;
  }
  return count;
}

test.each(Object.keys(charts))('a %s chart is drawn without a browser', async (name) => {
  const { data, layout } = charts[name]!;
  const png = await new Figure(data, layout).toBuffer();
  expect(await sharp(png).metadata()).toMatchObject({ format: 'png', width: 1440, height: 840 });
  expect(await colouredPixels(png)).toBeGreaterThan(500);
});

test('an image fills its coordinates, with boxes over it', async () => {
  const red = await sharp({ create: { width: 4, height: 2, channels: 3, background: '#ff0000' } })
    .png()
    .toBuffer();
  const source = `data:image/png;base64,${red.toString('base64')}`;
  const image = { source, xref: 'x', yref: 'y', x: 0, y: 0, sizex: 400, sizey: 200, sizing: 'stretch', layer: 'below' };
  const figure = new Figure([], {
    images: [image as never],
    shapes: [{ type: 'rect', x0: 100, y0: 50, x1: 300, y1: 150, line: { color: '#0000ff' } }],
    xaxis: { visible: false },
    yaxis: { visible: false, autorange: 'reversed', scaleanchor: 'x' },
  });
  const { data, info } = await sharp(await figure.toBuffer())
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const counts = { red: 0, blue: 0 };
  for (let i = 0; i < data.length; i += 3) {
    if (data[i]! > 200 && data[i + 1]! < 40 && data[i + 2]! < 40) counts.red++;
    if (data[i]! < 40 && data[i + 1]! < 40 && data[i + 2]! > 200) counts.blue++;
  }
  // Twice as wide as high, regardless of the frame.
  expect(counts.red / (info.width * info.height)).toBeGreaterThan(0.6);
  expect(counts.blue).toBeGreaterThan(1000);
});

test('in a page the chart is Plotly’s, from the bundle of the first chart; nothing is downloaded', async ({ skip }) => {
  const browser = await openBrowser();
  if (browser === undefined) return skip('no browser');
  try {
    const figures = [new Figure(charts.box!.data), new Figure(charts.scatter!.data, charts.scatter!.layout)];
    const bundles = [];
    for (const figure of figures) bundles.push(await figure[jupyterDisplay]());
    const [first, second] = bundles.map((bundle) => String(bundle['text/html']));
    expect(first!.length).toBeGreaterThan(400_000);
    expect(second!.length).toBeLessThan(150_000);
    const page = await browser.newPage();
    const fetched: string[] = [];
    const problems: string[] = [];
    page.on('request', (request) => fetched.push(request.url()));
    page.on('pageerror', (error) => problems.push(error.message));
    await page.setContent(`<!doctype html><html><body>${second}${first}</body></html>`);
    await page.waitForFunction('document.querySelectorAll(".main-svg").length >= 2', undefined, {
      timeout: 20_000,
    });
    expect(await page.locator('.trace.boxes').count()).toBe(2);
    expect(await page.locator('.trace.scatter .textpoint').count()).toBe(3);
    expect(await page.locator('img').count()).toBe(0);
    expect(problems).toEqual([]);
    expect(fetched.filter((url) => url.startsWith('http'))).toEqual([]);
  } finally {
    await browser.close();
  }
});

test('where scripts do not run the picture is shown, and texts can not become scripts', async ({ skip }) => {
  const browser = await openBrowser();
  if (browser === undefined) return skip('no browser');
  try {
    const evil = '</script><script>document.title = "evil"</script><img src=x onerror="document.title=1">';
    const figure = new Figure([{ type: 'bar', name: evil, x: [evil], y: [1] }], { title: { text: evil } });
    const html = await figure.toHtml();
    const still = await browser.newPage({ javaScriptEnabled: false });
    await still.setContent(html);
    expect(await still.locator('img').count()).toBe(1);
    const page = await browser.newPage();
    await page.setContent(html);
    await page.waitForFunction('document.querySelector(".main-svg") !== null', undefined, { timeout: 20_000 });
    expect(await page.title()).toContain('Figure');
  } finally {
    await browser.close();
  }
});

test('a figure is saved in the format of its extension, and has a description', async () => {
  const figure = new Figure(charts.bar!.data, { title: { text: 'Times' } });
  const folder = makeFolder();
  const svg = await readFile(await figure.save(path.join(folder, 'chart.svg')), 'utf8');
  expect(svg).toMatch(/^<svg /);
  expect(svg).not.toContain('<text');
  expect(await readFile(await figure.save(path.join(folder, 'chart.html')), 'utf8')).toContain('<!doctype html>');
  await expect(figure.save(path.join(folder, 'chart.gif'))).rejects.toThrow(/one of "\.png", "\.svg", "\.html"/);
  expect(await readFile(await figure.save(path.join(folder, 'missing', 'chart.svg')), 'utf8')).toBe(svg);
  await expect(figure.save(path.join(folder, 'chart.svg', 'a.png'))).rejects.toMatchObject({ code: 'FILE_UNWRITABLE' });
  expect(inspect(figure)).toBe('Figure "Times" (2 traces)');
  expect(JSON.parse(JSON.stringify(figure))).toMatchObject({ layout: { title: { text: 'Times' } } });
  expect(() => new Figure([{ type: 'pie' } as never])).toThrow(/for data\[0\]\.type/);
});

test('ticks are round, axes may be logarithmic, reversed or categorical', () => {
  expect(linearTicks(0, 10, 5)).toEqual([0, 2, 4, 6, 8, 10]);
  expect(linearTicks(-0.3, 0.42, 4).map((tick) => Number(tick.toFixed(3)))).toEqual([-0.2, 0, 0.2, 0.4]);
  const extent = { values: [1, 1000], fromZero: false, tight: true };
  const log = makeScale({ type: 'log' }, extent, 0, 300, 5);
  expect([1, 10, 100, 1000].map((value) => Math.round(log.place(value)))).toEqual([0, 100, 200, 300]);
  expect(makeScale({ autorange: 'reversed' }, { ...extent, values: [0, 10] }, 0, 100, 5).place(0)).toBe(100);
  const names = makeScale({}, { values: ['a', 'b', 'a'], fromZero: false, tight: false }, 0, 100, 5);
  expect([names.place('a'), names.place('b')]).toEqual([25, 75]);
});

test('a box has the same quartiles as in Plotly and numpy, and outliers beyond the whiskers', () => {
  expect(quartilesOf([4, 1, 3, 2])).toMatchObject({ q1: 1.75, median: 2.5, q3: 3.25, whiskers: [1, 4], outliers: [] });
  expect(quartilesOf(latencies)).toMatchObject({ median: 5.3, outliers: [9], whiskers: [5.1, 5.5] });
});

test('the colour scale starts and ends with its own colours', () => {
  expect(colorAt(defaultColorscale, 0)).toEqual([0x2b, 0x1d, 0x5c]);
  expect(colorAt(defaultColorscale, 1)).toEqual([0xf8, 0xe3, 0x4a]);
});

test.each([
  [12.1, 12.4],
  [3.6, 4.3],
  [31, 48],
  [0.5, 30],
  [1, 1e5],
])('a logarithmic axis from %d to %d has at least three ticks, in full numbers', (low, high) => {
  const { ticks } = makeScale({ type: 'log' }, { values: [low, high], fromZero: false, tight: false }, 0, 500, 6);
  expect(ticks.length).toBeGreaterThanOrEqual(3);
  for (const { text } of ticks) expect(text).toMatch(/^[\d.]+(e\d+)?$/);
});

test('Plotly gets the same ticks, with their suffix', async () => {
  const figure = new Figure([{ type: 'scatter', x: [8, 30], y: [99, 100] }], {
    xaxis: { type: 'log' },
    yaxis: { tickvals: [99, 100], ticksuffix: ' %' },
  });
  const html = await figure.toHtml();
  expect(html).toContain('"ticktext":["99 %","100 %"]');
  expect(html).toMatch(/"ticktext":\[[^\]]*"10","15","20"/);
});

test('a logarithmic axis with a small range is the same in Plotly as in the picture, with several ticks', async () => {
  const figure = new Figure([{ type: 'box', name: 'plain', x: [12.1, 12.2, 12.4] }], { xaxis: { type: 'log' } });
  const [, text = ''] = /"xaxis":(\{[^{}]*\})/.exec(await figure.toHtml()) ?? [];
  const axis = JSON.parse(text) as { range: [number, number]; tickvals: number[] };
  const [low, high] = axis.range.map((exponent) => 10 ** exponent) as [number, number];
  expect(low).toBeGreaterThan(11);
  expect(low).toBeLessThan(12.1);
  expect(high).toBeGreaterThan(12.4);
  expect(high).toBeLessThan(14);
  expect(axis.tickvals.filter((value) => value >= low && value <= high).length).toBeGreaterThanOrEqual(3);
});

test('curves that end at the end of an axis are not clipped there', () => {
  const data = [{ type: 'scatter', x: [0, 1], y: [1, 1], mode: 'markers', cliponaxis: false }] as const;
  const outside = (svg: string): string => svg.slice(svg.indexOf('</g>', svg.indexOf('clip-path="url')));
  expect(outside(new Figure(data, { yaxis: { range: [0, 1] } }).toSvg()).match(/<circle/g)).toHaveLength(2);
  expect(outside(new Figure([{ ...data[0], cliponaxis: true }]).toSvg())).not.toContain('<circle');
});
