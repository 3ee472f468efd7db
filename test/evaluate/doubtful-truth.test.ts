import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AnyModel, evaluate, loadModel, type PaddleLabError } from '../../src';
import { doubtsOf } from '../../src/evaluate/doubtful-truth';
import { makeFolder } from '../helpers/folders';
import { demoModel, projectRoot } from '../helpers/project';

const data = path.join(projectRoot, 'notebooks/data');
const scene = path.join(data, 'val/00009.png');

interface Content {
  readonly images: { id: number; file_name: string; width: number; height: number }[];
  readonly annotations: { image_id: number; category_id: number; segmentation?: unknown; bbox: number[] }[];
  readonly categories: readonly { id: number; name: string }[];
}

/** A file with the first two scenes, changed. */
async function scenes(change: (content: Content) => void): Promise<string> {
  const content = JSON.parse(await readFile(path.join(data, 'val.coco.json'), 'utf8')) as Content;
  const images = content.images.slice(0, 2);
  const some = { ...content, images, annotations: content.annotations.filter(({ image_id }) => isOf(image_id)) };
  function isOf(id: number): boolean {
    return images.some((image) => image.id === id);
  }
  change(some);
  const file = path.join(makeFolder(), 'scenes.json');
  await writeFile(file, JSON.stringify(some));
  return file;
}

/** A list of copies of a scene. */
async function listOf(...lines: readonly string[]): Promise<string> {
  const folder = makeFolder();
  for (const i of lines.keys()) await copyFile(scene, path.join(folder, `${i}.png`));
  const file = path.join(folder, 'list.txt');
  await writeFile(file, lines.map((line, i) => `${i}.png ${line}\n`).join(''));
  return file;
}

let detector: AnyModel;
let masker: AnyModel;
let classifier: AnyModel;

beforeAll(async () => {
  const options = { engine: 'plain', trial: false } as const;
  detector = await loadModel(demoModel('shapes_det_picodet'), options);
  masker = await loadModel(demoModel('shapes_ins_maskrcnn'), options);
  classifier = await loadModel(demoModel('shapes_cls_mbv3s'), options);
});
afterAll(async () => {
  for (const model of [detector, masker, classifier]) await model?.dispose();
});

const images = { dataset: { images: data } };

describe('class numbers that the model lacks are refused', () => {
  test('of objects', async () => {
    const folder = makeFolder();
    await mkdir(path.join(folder, 'images'));
    await mkdir(path.join(folder, 'labels'));
    await copyFile(scene, path.join(folder, 'images/a.png'));
    await writeFile(path.join(folder, 'labels/a.txt'), '99 0.5 0.5 0.1 0.1\n');
    await expect(evaluate(detector, folder)).rejects.toMatchObject({
      code: 'DATASET_INVALID',
      message: expect.stringMatching(
        /^Expected class numbers from 0 to 4 .+ but received 99 \(the truth of .+a\.png\)$/,
      ),
    } satisfies Partial<Record<keyof PaddleLabError, unknown>>);
  });

  test('of images', async () => {
    await expect(evaluate(classifier, await listOf('0', '7'))).rejects.toMatchObject({
      code: 'DATASET_INVALID',
      message: expect.stringMatching(/from 0 to 4 .+ but received 7 \(the truth of .+1\.png\)$/),
    });
  });
});

describe('an image of another size than the data set says', () => {
  test('is named', async () => {
    const file = await scenes(({ images: [first] }) => {
      first!.width += 7;
    });
    const { problems } = await evaluate(detector, file, images);
    expect(problems).toMatchObject([
      { kind: 'kept', message: expect.stringMatching(/^Expected 295 × 192 pixels, .+ 288 × 192$/) },
    ]);
  });

  test('is left out if its masks are run lengths, which would not fit', async () => {
    const file = await scenes(({ images: [first], annotations }) => {
      first!.height += 8;
      const [one] = annotations.filter(({ image_id }) => image_id === first!.id);
      one!.segmentation = { size: [200, 288], counts: [200 * 288] };
    });
    const { problems, facts } = await evaluate(masker, file, images);
    expect(problems).toMatchObject([{ kind: 'image-left-out' }]);
    expect(facts.evaluated).toBe(1);
  });

  test('is named for VOC, too', async () => {
    const folder = makeFolder();
    await mkdir(path.join(folder, 'Annotations'));
    await mkdir(path.join(folder, 'JPEGImages'));
    await copyFile(scene, path.join(folder, 'JPEGImages/a.png'));
    const box = '<xmin>1</xmin><ymin>1</ymin><xmax>50</xmax><ymax>50</ymax>';
    const object = `<object><name>circle</name><bndbox>${box}</bndbox></object>`;
    const size = '<size><width>576</width><height>384</height></size>';
    await writeFile(path.join(folder, 'Annotations/a.xml'), `<annotation>${size}${object}</annotation>`);
    const { problems } = await evaluate(detector, folder, { dataset: { classes: detector.spec.labels.slice() } });
    expect(problems).toMatchObject([{ kind: 'kept', message: expect.stringContaining('Expected 576 × 384 pixels') }]);
  });
});

test('objects without masks are named where masks are evaluated', async () => {
  const file = await scenes(({ annotations }) => {
    delete annotations[0]!.segmentation;
    annotations[1]!.segmentation = [[1, 2, 3]];
  });
  const { problems } = await evaluate(masker, file, images);
  expect(problems.map(({ kind, message }) => `${kind}: ${message}`)).toEqual([
    expect.stringMatching(/^object-left-out: Expected at least 3 corners/),
    expect.stringMatching(/^object-left-out: Expected a mask of each object but 1 of \d+ have none/),
  ]);
  expect((await evaluate(detector, file, images)).problems).toHaveLength(1);
});

describe('classification', () => {
  test('of images with one class each is top-1, also if a class is left out', async () => {
    const folder = makeFolder();
    for (const name of [...classifier.spec.labels, 'other']) {
      await mkdir(path.join(folder, name));
      await copyFile(scene, path.join(folder, name, 'a.png'));
    }
    const report = await evaluate(classifier, folder, { classes: { other: null } });
    expect(report.figures.map(({ name }) => name)).toEqual(['top-1', 'top-5']);
    expect(report.facts).toMatchObject({ evaluated: 5, dataset: { images: 6 } });
  });

  test('by a list with 0 or 1 for each class is multi-label, also if each image has one class', async () => {
    const report = await evaluate(classifier, await listOf('1,0,0,0,0', '0,1,0,0,0'));
    expect(report.figures.map(({ name }) => name)).toEqual(['mAP']);
  });
});

describe('joints', () => {
  const image = { file: 'a.png', name: 'a.png', imageId: 1, truth: async () => ({ truth: undefined, problems: [] }) };
  const person = { classId: 0, box: [0, 0, 2, 2], area: 4, crowd: false, ignored: false } as const;
  const joints = [0, 1].map((id) => ({ id, x: 1, y: 1, score: 1 }));
  const result = { kind: 'keypoints', image: { width: 2, height: 2 }, people: [{ keypoints: joints }] };
  const doubts = (...keypoints: readonly (readonly number[] | undefined)[]): unknown => {
    const objects = keypoints.map((some) => (some === undefined ? person : { ...person, keypoints: some }));
    return doubtsOf(image, { kind: 'objects', objects }, result as never, { labels: [], found: [] });
  };

  test('of another number than the model’s are refused', () => {
    expect(doubts([1, 1, 2, 0, 0, 0])).toEqual([]);
    expect(() => doubts([1, 1, 2])).toThrow(
      /^Expected 2 joints of each person, .+ but received 1 \(the truth of a\.png\)$/,
    );
  });

  test('that are missing are named', () => {
    expect(doubts([1, 1, 2, 0, 0, 0], undefined)).toMatchObject([
      { kind: 'kept', message: expect.stringMatching(/but 1 of 2 have none; they count as missed$/) },
    ]);
  });
});
