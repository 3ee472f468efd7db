import { copyFile, cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AnyModel, type Dataset, evaluate, loadModel, openDataset } from '../../src';
import { inspectCustom, jupyterDisplay } from '../../src/display/display';
import { makeFolder } from '../helpers/folders';
import { demoModel, projectRoot } from '../helpers/project';

const scenes = path.join(projectRoot, 'notebooks/data/val.coco.json');
const masks = path.join(projectRoot, 'notebooks/data/val-masks.txt');

let detector: AnyModel;
let segmenter: AnyModel;
let classifier: AnyModel;

beforeAll(async () => {
  const options = { engine: 'plain', trial: false } as const;
  detector = await loadModel(demoModel('shapes_det_picodet'), options);
  segmenter = await loadModel(demoModel('shapes_seg_ppliteseg'), options);
  classifier = await loadModel(demoModel('shapes_cls_mbv3s'), options);
});
afterAll(async () => {
  for (const model of [detector, segmenter, classifier]) await model?.dispose();
});

describe('a report', () => {
  test('of a detector has COCO’s figures, classes, curves, confusions and the worst images', async () => {
    const report = await evaluate(detector, scenes, { worst: 3 });
    // pycocotools' figures for the same results (see test/long/metrics.test.ts for all 240 scenes).
    expect(report.figures.map(({ name }) => name).slice(0, 3)).toEqual(['AP', 'AP50', 'AP75']);
    const [ap, ap50] = [report.figure('AP')!, report.figure('AP50')!];
    expect(ap).toBeGreaterThan(0.6);
    expect(ap50).toBeGreaterThan(ap);
    expect(report.interval!.low).toBeLessThan(ap);
    expect(report.interval!.high).toBeGreaterThan(ap);
    expect(report.classes.map(({ label }) => label)).toEqual(detector.spec.labels);
    const real = report.classColumns.findIndex(({ name }) => name === 'objects');
    expect(report.classes.reduce((sum, { values }) => sum + values[real]!, 0)).toBe(77);
    expect(report.curves!.map(({ label }) => label)).toEqual(detector.spec.labels);
    const right = report.confusions!.filter(({ truth, predicted }) => truth === predicted);
    expect(right.reduce((sum, { count }) => sum + count, 0)).toBeGreaterThan(40);
    expect(report.worst).toHaveLength(3);
    expect(report.worst.map(({ score }) => score)).toEqual(
      report.worst.map(({ score }) => score).sort((a, b) => a - b),
    );
    expect(report.facts).toMatchObject({ task: 'detection', evaluated: 16, interrupted: false, metric: 'coco' });
    expect(report.problems).toEqual([]);
  });

  test('shows itself as text, Markdown, JSON and HTML with charts and pictures', async () => {
    const report = await evaluate(detector, scenes);
    const text = report[inspectCustom]();
    expect(text).toMatch(
      /^shapes_det_picodet on .+val\.coco\.json \(coco, 16 images\): AP \d\d\.\d\d \(\d+\.\d\d–\d+\.\d\d\)\n/,
    );
    expect(text).toMatch(/^circle +\d+\.\d\d +\d+\.\d\d/m);
    expect(report.toMarkdown()).toMatch(/\| AP50 \| \d+\.\d\d \| average precision at an overlap of 0\.5 \|/);
    const bundle = await report[jupyterDisplay]();
    expect(bundle['text/html']).toMatch(/Precision and recall/);
    expect(bundle['text/html']).toMatch(/Confusion matrix/);
    expect(bundle['text/html']).toMatch(/<img [^>]*alt="the worst images beside the truth"/);
    const folder = makeFolder();
    const file = await report.save(path.join(folder, 'report.json'));
    const json = JSON.parse(await readFile(file, 'utf8'));
    expect(json.kind).toBe('evaluation-report');
    expect(json.figures[0].value).toBe(report.figure('AP'));
    const picture = await report.worstImages({ count: 2, width: 100 });
    expect(picture.width).toBeGreaterThan(400);
  });

  test('of a segmenter has PaddleSeg’s figures', async () => {
    const report = await evaluate(segmenter, masks);
    expect(report.figures.map(({ name }) => name)).toEqual(['mIoU', 'accuracy', 'Dice', 'kappa']);
    expect(report.figure('mIoU')).toBeGreaterThan(0.7);
    expect(() => report.precisionRecall()).toThrow(/a report with precision and recall but task semantic-segmentation/);
    expect((await report.worstImages({ count: 1 })).width).toBeGreaterThan(600);
  });

  test('of a classifier has top-1 and top-5, and names the classes of the worst images', async () => {
    const folder = makeFolder();
    // The square is in the wrong folder.
    for (const [name, classId] of [
      ['heart', 'heart'],
      ['triangle', 'triangle'],
      ['square', 'star'],
    ] as const) {
      await mkdir(path.join(folder, classId));
      await copyFile(
        path.join(projectRoot, `notebooks/data/cls/${name}.png`),
        path.join(folder, classId, `${name}.png`),
      );
    }
    const report = await evaluate(classifier, folder);
    expect(report.figure('top-1')).toBeCloseTo(2 / 3, 12);
    expect(report.figure('top-5')).toBe(1);
    expect(report.worst[0]).toMatchObject({ name: 'star/square.png', truth: { kind: 'classes', classIds: [3] } });
    expect(report.confusions).toContainEqual({ truth: 3, predicted: 1, count: 1 });
    expect((await report.worstImages()).width).toBeGreaterThan(600);
  });

  test('of a classifier does not depend on how many classes its results list', async () => {
    const folder = makeFolder();
    await cp(path.join(projectRoot, 'notebooks/data/cls'), path.join(folder, 'images'), { recursive: true });
    await writeFile(
      path.join(folder, 'single.txt'),
      'images/heart.png 4\nimages/triangle.png 2\nimages/square.png 0\n',
    );
    await writeFile(
      path.join(folder, 'several.txt'),
      'images/heart.png 0,1,0,0,1\nimages/triangle.png 0,0,1,0,0\nimages/square.png 0,1,1,0,0\n',
    );
    const model = async (name: string, rule: string) => {
      const directory = path.join(folder, name);
      await cp(demoModel('shapes_cls_mbv3s'), directory, { recursive: true });
      const file = path.join(directory, 'inference.yml');
      await writeFile(file, (await readFile(file, 'utf8')).replace('  Topk:\n    topk: 5\n', `  ${rule}\n`));
      return loadModel(directory, { engine: 'plain', trial: false });
    };
    const models = {
      best: await model('best', 'Topk:\n    topk: 1'),
      sure: await model('sure', 'MultiLabelThreshOutput:\n    threshold: 0.9'),
    };
    try {
      const single = await evaluate(models.best, path.join(folder, 'single.txt'));
      expect([single.figure('top-1'), single.figure('top-5')]).toEqual([expect.closeTo(2 / 3, 12), 1]);
      const [best, all] = await Promise.all(
        [models.best, classifier].map((one) => evaluate(one, path.join(folder, 'several.txt'))),
      );
      const sure = await evaluate(models.sure, path.join(folder, 'several.txt'));
      expect(all?.figure('mAP')).toBeGreaterThan(0.5);
      expect([best?.figure('mAP'), sure.figure('mAP')]).toEqual([all?.figure('mAP'), all?.figure('mAP')]);
      // Found is what the model itself lists, from 0.9 on.
      expect(sure.confusions).toHaveLength(5);
      expect(sure.confusions).toContainEqual({ truth: 4, predicted: 4, count: 1 });
    } finally {
      for (const one of Object.values(models)) await one.dispose();
    }
  });

  test('asks for a figure by a name that it has', async () => {
    const report = await evaluate(segmenter, masks, { dataset: { limit: 2 } });
    expect(() => report.figure('AP')).toThrow(/Expected one of "mIoU", "accuracy", "Dice", "kappa" for name/);
  });
});

describe('data', () => {
  test('of another kind than the model’s is refused with both kinds', async () => {
    await expect(evaluate(segmenter, scenes)).rejects.toMatchObject({
      code: 'DATASET_INVALID',
      message: expect.stringMatching(/Expected a data set with pixels for this model but .+ \(coco\) has objects/),
    });
  });

  test('with classes that the model does not have is refused, and can be mapped', async () => {
    const dataset: Dataset = {
      ...(await openDataset(scenes, { limit: 4 })),
      classes: ['disc', 'square', 'triangle', 'star', 'heart'],
    };
    await expect(evaluate(detector, dataset)).rejects.toThrow(/but it has also disc/);
    const report = await evaluate(detector, dataset, { classes: { disc: 'circle' } });
    const same = await evaluate(detector, dataset, { classes: 'order' });
    expect(report.figure('AP')).toBe(same.figure('AP'));
    const without = await evaluate(detector, dataset, { classes: { disc: null } });
    expect(without.figure('AP')).not.toBe(same.figure('AP'));
  });

  test('with an image that can’t be read leaves it out and names it', async () => {
    const good = await openDataset(scenes, { limit: 3 });
    const broken = { ...good.images[0]!, file: path.join(projectRoot, 'package.json'), imageId: 999, name: 'broken' };
    const dataset: Dataset = { ...good, images: [...good.images, broken] };
    const report = await evaluate(detector, dataset);
    expect(report.facts).toMatchObject({ evaluated: 3, dataset: { images: 4 } });
    expect(report.problems).toEqual([
      { kind: 'image-left-out', file: broken.file, message: expect.stringContaining('package.json') },
    ]);
    expect(report[inspectCustom]()).toMatch(/⚠ images left out: 1\n {2}.+package\.json: /);
    await expect(evaluate(detector, { ...dataset, images: [broken] })).rejects.toMatchObject({
      code: 'DATASET_INVALID',
      message: expect.stringMatching(/none of its 1 can; the first one: .+package\.json/),
    });
  });
});

describe('an evaluation that is stopped', () => {
  test('gives the figures of the images so far, and goes on with resume', async () => {
    const outputDir = makeFolder();
    const whole = await evaluate(detector, scenes);
    const stop = new AbortController();
    const part = await evaluate(detector, scenes, {
      outputDir,
      signal: stop.signal,
      onProgress: ({ done }) => {
        if (done === 5) stop.abort();
      },
    });
    expect(part.facts.interrupted).toBe(true);
    expect(part.facts.evaluated).toBeGreaterThanOrEqual(5);
    expect(part.facts.evaluated).toBeLessThan(16);
    await expect(evaluate(detector, scenes, { outputDir })).rejects.toMatchObject({
      code: 'FILE_UNWRITABLE',
      message: expect.stringMatching(/overwrite to replace it, resume to continue it/),
    });
    const steps: number[] = [];
    const rest = await evaluate(detector, scenes, {
      outputDir,
      resume: true,
      onProgress: ({ done }) => steps.push(done),
    });
    expect(rest.facts).toMatchObject({ evaluated: 16, interrupted: false, imagesPerSecond: undefined });
    expect(steps.at(-1)).toBe(16);
    expect(rest.figures).toEqual(whole.figures);
    expect(rest.confusions).toEqual(whole.confusions);
    await expect(evaluate(segmenter, masks, { outputDir, resume: true })).rejects.toThrow(/was started with model/);
  });

  test('before its first image, it is an error', async () => {
    const signal = AbortSignal.abort();
    await expect(evaluate(detector, scenes, { signal })).rejects.toMatchObject({ code: 'ABORTED' });
  });
});
