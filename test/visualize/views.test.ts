import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jupyterDisplay } from '../../src/display/display';
import { traceMask } from '../../src/drawing/trace';
import { readGroundTruth } from '../../src/ground-truth/read';
import { decodeLabelMap } from '../../src/image/label-map';
import { rleArea } from '../../src/image/rle';
import { visualizeBesideTruth } from '../../src/visualize/views/beside-truth';
import { visualizeDifference } from '../../src/visualize/views/difference';
import { gallery } from '../../src/visualize/views/gallery';
import { sideBySide } from '../../src/visualize/views/side-by-side';
import { slider } from '../../src/visualize/views/slider';
import { visualize } from '../../src/visualize/visualize';
import { expectPicture } from '../helpers/pictures';
import { projectRoot } from '../helpers/project';
import { detection, detectionResult, ellipse, instanceResult, paintImage, segmentation, someDetections } from './scene';

const image = paintImage(320, 240);
const result = instanceResult(320, 240, someDetections);
const expected = (name: string): string => path.join(__dirname, 'expected', `${name}.png`);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'paddlelab-views-'));
});
afterAll(async () => await rm(folder, { recursive: true, force: true }));

describe('views', () => {
  it('sideBySide scales pictures to the same height', async () => {
    const small = await visualize(paintImage(160, 90), detectionResult(160, 90, []));
    const both = await sideBySide([await visualize(image, result), small], { titles: ['found', 'small, wide'] });
    await expectPicture(both, expected('side-by-side'));
  });

  it('gallery arranges many in rows', async () => {
    const pictures = await Promise.all(
      (['box', 'mask', 'contour', 'label', 'blur'] as const).map((name) =>
        visualize(image, result, { annotators: [name] }),
      ),
    );
    await expectPicture(
      await gallery(pictures, { width: 160, titles: ['one', 'two', '三', 'four', 'five'] }),
      expected('gallery'),
    );
  });

  it('visualizeDifference shows new, removed and changed objects', async () => {
    const after = [
      { ...detection(0, 0.95, [31, 61, 121, 150]) },
      ...someDetections.slice(2),
      detection(1, 0.7, [200, 190, 280, 235]),
    ];
    const picture = await visualizeDifference(image, result, detectionResult(320, 240, after));
    await expectPicture(picture, expected('difference'));
  });

  it('visualizeDifference paints the pixels whose class changed', async () => {
    const [first, ...rest] = segmentation.segments;
    const changed = { ...segmentation, segments: [{ ...first, classId: 7 } as typeof first & object, ...rest] };
    const { data } = await visualizeDifference(image, segmentation, changed);
    let differing = 0;
    for (let index = 0; index < data.length; index += 3) if (data[index] !== image.data[index]) differing++;
    expect(differing / (first?.area ?? 1)).toBeCloseTo(1, 1);
  });

  it('slider shows both pictures without scripts, and side by side as a PNG', async () => {
    const view = await slider(image, await visualize(image, result), { titles: ['image', '<found>'] });
    const bundle = await view[jupyterDisplay]();
    expect(bundle['text/html']).toContain('type="range"');
    expect(bundle['text/html']).not.toContain('<found>');
    expect(bundle['text/html']).not.toContain('<script');
    expect(String(bundle['text/html']).match(/data:image\/png/g)).toHaveLength(2);
    expect(await readFile(await view.save(path.join(folder, 'a.html')), 'utf8')).toMatch(/^<!doctype html>/);
    expect((await readFile(await view.save(path.join(folder, 'a.png')))).length).toBeGreaterThan(1000);
    expect(String(view)).toBe('SliderView 320×240 (image | <found>)');
  });

  it('other values than pictures, and a wrong number of titles, are refused', async () => {
    await expect(sideBySide([])).rejects.toThrow('Expected array of pictures for images');
    await expect(gallery([image], { titles: [] })).rejects.toThrow('Expected array of 1 texts');
    await expect(visualizeDifference(image, result, segmentation)).rejects.toThrow('Expected two results with objects');
  });
});

describe('ground truth', () => {
  const coco = path.join(projectRoot, 'notebooks/data/shapes.coco.json');
  const labels = ['circle', 'square', 'triangle', 'star', 'heart'];

  it('of COCO has boxes, and masks of about their area', async () => {
    const truth = await readGroundTruth(coco, { image: 'shapes.png', labels });
    const { annotations } = JSON.parse(await readFile(coco, 'utf8'));
    if (truth.kind !== 'instance-segmentation') throw new Error(truth.kind);
    truth.detections.forEach((item, index) => {
      const [x, y, width, height] = annotations[index].bbox;
      expect(item.box).toEqual([x, y, x + width, y + height]);
      expect(rleArea(item.mask) / annotations[index].area).toBeGreaterThan(0.85);
      expect(rleArea(item.mask) / annotations[index].area).toBeLessThan(1.1);
    });
    const shapes = path.join(projectRoot, 'notebooks/images/shapes.png');
    await expectPicture(await visualizeBesideTruth(shapes, truth, truth), expected('beside-truth'));
    await expect(readGroundTruth(coco, { image: 'no.png' })).rejects.toThrow('one of the 9 images');
    await expect(readGroundTruth(coco, { image: 'shapes.png', labels: ['cat'] })).rejects.toThrow(
      'among the labels cat',
    );
  });

  it('of VOC has boxes that count from 1', async () => {
    const file = path.join(folder, 'a.xml');
    const box = '<bndbox><xmin>11</xmin><ymin>21</ymin><xmax>60</xmax><ymax>90</ymax></bndbox>';
    const part = '<part><name>hand</name><bndbox><xmin>1</xmin></bndbox></part>';
    const size = '<size><width>320</width><height>240</height><depth>3</depth></size>';
    await writeFile(file, `<annotation>${size}<object><name>star &amp; more</name>${part}${box}</object></annotation>`);
    const truth = await readGroundTruth(file);
    expect(truth.image).toEqual({ width: 320, height: 240 });
    expect(truth.detections).toEqual([{ classId: 0, label: 'star & more', score: 1, box: [10, 20, 60, 90] }]);
    await writeFile(file, '<annotation/>');
    await expect(readGroundTruth(file)).rejects.toThrow('Expected a number in <width>');
  });

  it('saved as a palette PNG is read as the same numbers', async () => {
    const file = await (await visualize(image, segmentation, { style: 'paddleseg' })).save(
      path.join(folder, 'seg.png'),
    );
    const truth = await readGroundTruth(file);
    if (truth.kind !== 'semantic-segmentation') throw new Error(truth.kind);
    expect(
      Buffer.compare(decodeLabelMap(truth).data as Uint8Array, decodeLabelMap(segmentation).data as Uint8Array),
    ).toBe(0);
    expect(
      (await readGroundTruth(path.join(projectRoot, 'notebooks/data/shapes-classes.png'))).segments?.length,
    ).toBeGreaterThan(2);
    await expect(readGroundTruth('a.txt')).rejects.toThrow('file name ending in .json, .xml, .png');
  });
});

describe('traced masks', () => {
  it('enclose the area of the mask, without holes', () => {
    for (const box of [
      [30, 40, 120, 90],
      [-20, 100, 60, 260],
      [5, 5, 6, 6],
    ] as const) {
      const mask = ellipse(320, 240, box);
      const area = (tolerance: number): number =>
        traceMask(mask, tolerance).reduce((sum, points) => sum + surveyed(points), 0);
      expect(area(0)).toBe(rleArea(mask));
      expect(Math.abs(area(1) - rleArea(mask))).toBeLessThanOrEqual(1 + 0.1 * rleArea(mask));
    }
  });
});

/** Signed area: holes have the opposite direction. */
function surveyed(points: readonly (readonly [number, number])[]): number {
  return points.reduce((sum, [x, y], index) => {
    const [nextX, nextY] = points[(index + 1) % points.length] ?? [0, 0];
    return sum + (x * nextY - nextX * y) / 2;
  }, 0);
}
