import { describe, expect, it } from 'vitest';
import { jupyterDisplay } from '../../../src/display/display';
import { relativeLuminance } from '../../../src/display/palette';
import { plotClassCounts } from '../../../src/plot/figures/class-counts';
import { plotConfusionMatrix } from '../../../src/plot/figures/confusion-matrix';
import { precisionRecall } from '../../../src/plot/figures/evaluation';
import { plotResult } from '../../../src/plot/figures/image-figure';
import { plotLatencies } from '../../../src/plot/figures/latencies';
import { plotPrecisionRecall } from '../../../src/plot/figures/precision-recall';
import { plotScores } from '../../../src/plot/figures/scores';
import { colorAt } from '../../../src/plot/marks/heatmap';
import type { BarTrace, HeatmapTrace, ScatterTrace } from '../../../src/plot/types';
import { visualize } from '../../../src/visualize/visualize';
import {
  detection,
  detectionResult,
  instanceResult,
  paintImage,
  segmentation,
  someDetections,
} from '../../visualize/scene';

const image = paintImage(320, 240);
const box = (x: number): [number, number, number, number] => [x, 10, x + 40, 50];

describe('plotResult', () => {
  const made = instanceResult(320, 240, someDetections);

  it('has an area for each object, a legend entry for each class, and a slider step for each threshold', async () => {
    const figure = await plotResult(image, made, { threshold: 0.8 });
    const areas = (figure.data as ScatterTrace[]).filter((trace) => trace.hoveron === 'fills');
    expect(areas).toHaveLength(6);
    expect(figure.data.filter((trace) => trace.showlegend !== false).map((trace) => trace.name)).toEqual([
      ...['circle', 'square', 'triangle', 'star', 'heart'],
    ]);
    const [slider] = figure.layout.sliders ?? [];
    const shownAt = (label: string): number => {
      const [change] = slider?.steps.find((step) => step.label === label)?.args ?? [];
      return change?.hoverinfo?.filter((info) => info === 'text').length ?? -1;
    };
    expect([shownAt('0.00'), shownAt('0.65'), shownAt('0.90'), shownAt('0.95')]).toEqual([6, 5, 2, 1]);
    // The initial state: according to `threshold`.
    expect(areas.filter((trace) => trace.opacity === 1)).toHaveLength(4);
    expect(slider?.active).toBe(16);
  });

  it('is the picture of visualize without scripts', async () => {
    const figure = await plotResult(image, made);
    const bundle = await figure[jupyterDisplay]();
    const picture = await (await visualize(image, made)).toBuffer('png');
    expect(Buffer.compare(bundle['image/png'] as Buffer, picture)).toBe(0);
  });

  it('has no slider without scores', async () => {
    const figure = await plotResult(image, segmentation);
    expect(figure.layout.sliders).toEqual([]);
    expect((figure.data as ScatterTrace[]).filter((trace) => trace.hoveron === 'fills')).toHaveLength(4);
  });
});

describe('precision and recall', () => {
  const truth = detectionResult(320, 240, [detection(0, 1, box(0)), detection(0, 1, box(100))]);

  it('are equal to values counted manually', () => {
    const found = detectionResult(320, 240, [
      detection(0, 0.9, box(2)),
      detection(0, 0.8, box(200)),
      detection(0, 0.7, box(101)),
    ]);
    const [curve] = precisionRecall(found, truth, 0.5);
    expect(curve?.recall).toEqual([0.5, 0.5, 1]);
    expect(curve?.precision).toEqual([1, 0.5, 2 / 3]);
    expect(curve?.averagePrecision).toBeCloseTo(0.5 + 0.5 * (2 / 3));
    expect(plotPrecisionRecall(found, truth).layout.title?.text).toBe('Precision and recall at IoU 0.5: mean AP 83.3');
  });

  it('count an object that is found twice once', () => {
    const twice = detectionResult(320, 240, [detection(0, 0.9, box(0)), detection(0, 0.8, box(1))]);
    expect(precisionRecall(twice, truth, 0.5)[0]?.precision).toEqual([1, 0.5]);
  });
});

describe('the confusion matrix', () => {
  it('counts confusions, missed objects and false positives', () => {
    const truth = detectionResult(320, 240, [
      detection(0, 1, box(0)),
      detection(1, 1, box(100)),
      detection(1, 1, box(150)),
    ]);
    const found = detectionResult(320, 240, [
      detection(0, 0.9, box(0)),
      detection(0, 0.9, box(100)),
      detection(3, 0.9, box(250)),
      detection(1, 0.2, box(150)),
    ]);
    const [matrix] = plotConfusionMatrix(found, truth).data as HeatmapTrace[];
    expect(matrix?.x).toEqual(['circle', 'square', 'star', 'nothing']);
    expect(matrix?.text).toEqual([
      ['1', '0', '0', '0'],
      ['1', '0', '0', '1'],
      ['0', '0', '0', '0'],
      ['0', '0', '1', '0'],
    ]);
  });

  it('shows many classes with long names, and readable numbers on every cell', () => {
    const count = 40;
    const labels = Array.from({ length: count }, (_, i) => `a class with a long name ${i}`);
    const items = labels.map((label, i) => ({ ...detection(i, 0.9, [i * 20, 0, i * 20 + 15, 15]), label }));
    const many = { ...detectionResult(2000, 240, items), labels };
    const figure = plotConfusionMatrix(many, many);
    const [matrix] = figure.data as HeatmapTrace[];
    expect(matrix?.x).toEqual(labels);
    expect(figure.layout.xaxis).toMatchObject({ dtick: 1, tickangle: -90 });
    expect(figure.layout.height).toBeGreaterThan(count * 18 + 100);
    const contrasts = Array.from({ length: 101 }, (_, i) => {
      return (relativeLuminance(colorAt(matrix?.colorscale ?? [], i / 100)) + 0.05) / 0.05;
    });
    expect(Math.min(...contrasts)).toBeGreaterThan(4.5);
    expect(matrix?.textfont?.color).toBe('#000000');
  });

  it('counts pixels of segmentations', () => {
    const [matrix] = plotConfusionMatrix(segmentation, segmentation).data as HeatmapTrace[];
    const counts = matrix?.text?.flat().map(Number) ?? [];
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(320 * 240);
    expect(matrix?.z.map((row, index) => row[index])).toEqual([1, 1, 1, 1]);
  });

  it('needs ground truth of the same kind, one for each result', () => {
    expect(() => plotConfusionMatrix(segmentation, detectionResult(320, 240, []))).toThrow(
      'Expected truth of the same kind',
    );
    expect(() => plotConfusionMatrix([segmentation], [segmentation, segmentation])).toThrow(
      'as many truths as results (1)',
    );
  });
});

describe('counts and times', () => {
  const result = detectionResult(320, 240, someDetections);

  it('are those of the results', () => {
    const bars = plotScores([result, result], { bins: 5 }).data[0] as BarTrace;
    expect(bars.y).toHaveLength(5);
    expect(bars.y.map(Number).reduce((sum, count) => sum + count, 0)).toBe(12);
    expect(plotClassCounts(result).data).toMatchObject([
      { x: ['circle', 'square', 'triangle', 'star', 'heart'], y: [2, 1, 1, 1, 1] },
    ]);
    expect(plotLatencies([result, result]).data.map((trace) => trace.name)).toEqual([
      'decode',
      'preprocess',
      'network',
      'postprocess',
    ]);
  });

  it('has each score in its bar, also on the edges, in the page and in the picture', () => {
    const scores = [0, 0.6, 0.7, Math.fround(0.6), Math.fround(0.7), 0.999, 1, 1];
    const found = detectionResult(
      320,
      240,
      scores.map((score) => detection(0, score, box(0))),
    );
    for (const [bins, expected] of [
      [10, { 0: 1, 6: 2, 7: 2, 9: 3 }],
      [20, { 0: 1, 12: 2, 14: 2, 19: 3 }],
    ] as const) {
      const figure = plotScores(found, { bins });
      const bars = figure.data[0] as BarTrace;
      const counts = Object.fromEntries(bars.y.map((count, bin) => [bin, count]).filter(([, count]) => count !== 0));
      expect(counts).toEqual(expected);
      expect(bars.x[7]).toBeCloseTo(7.5 / bins);
      // The bars of the picture with a height.
      const heights = [...figure.toSvg().matchAll(/<rect [^>]*height="([\d.]+)" fill="#0072b2"/g)].map(([, h]) =>
        Number(h),
      );
      expect(heights.filter((height) => height > 0)).toHaveLength(Object.keys(expected).length);
    }
  });

  it('start at zero, and have a message if empty', () => {
    expect(plotLatencies(result).layout.yaxis?.range?.[0]).toBe(0);
    const nothing = plotClassCounts(detectionResult(320, 240, []));
    expect(nothing.layout).toMatchObject({ title: { text: 'Classes in 1 image: nothing was found' } });
    expect(nothing.layout.xaxis).toMatchObject({ type: 'category', visible: false });
  });

  it('other values than results are refused', () => {
    expect(() => plotScores([])).toThrow('Expected result of predict, or array of them for results');
    expect(() => plotScores(result, { bin: 5 } as never)).toThrow('did you mean "bins"?');
  });
});
