import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { evaluate, loadModel, registerBackend } from '../../src';
import { makeFolder } from '../helpers/folders';
import { demoModel, goldenImage } from '../helpers/project';

const [joints, height, width] = [17, 64, 48];

/** Finds every joint in the middle of what it is given. */
registerBackend({
  kind: 'middle',
  optionKeys: [],
  open: async () => ({
    info: { backend: 'middle', library: 'none', device: 'cpu', precision: 'fp32', threads: 1 },
    inputs: [{ name: 'image', dtype: 'float32', shape: [-1, 3, 256, 192] }],
    outputNames: ['heat'],
    run: async () => {
      const data = new Float32Array(joints * height * width);
      for (let joint = 0; joint < joints; joint++) data[(joint * height + height / 2) * width + width / 2] = 0.9;
      return [{ name: 'heat', dtype: 'float32', shape: [1, joints, height, width], data, lod: [] }];
    },
    copy: () => Promise.reject(new Error('there is only one')),
    dispose: async () => undefined,
  }),
});

const config = {
  mode: 'paddle',
  arch: 'HRNet',
  min_subgraph_size: 3,
  Preprocess: [
    { type: 'TopDownEvalAffine', trainsize: [192, 256] },
    { type: 'NormalizeImage', mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5], is_scale: true },
    { type: 'Permute' },
  ],
  label_list: ['keypoint'],
};

test('a model of one person gets the crop around each true person, and its joints are those of the image', async () => {
  const folder = makeFolder();
  // All joints are in the middle of their boxes, so they are found exactly there.
  const person = (id: number, bbox: readonly number[]) => {
    const [x, y, w, h] = bbox as [number, number, number, number];
    const keypoints = Array.from({ length: joints }, () => [x + w / 2, y + h / 2, 2]).flat();
    return { id, image_id: 1, category_id: 1, bbox, area: w * h, iscrowd: 0, keypoints, num_keypoints: joints };
  };
  const content = {
    images: [{ id: 1, file_name: 'f_rgb_640x480.jpg', width: 640, height: 480 }],
    annotations: [person(1, [100, 100, 80, 200]), person(2, [400, 150, 90, 240])],
    categories: [{ id: 1, name: 'person' }],
  };
  await writeFile(path.join(folder, 'people.json'), JSON.stringify(content));
  const model = await loadModel(demoModel('shapes_cls_mbv3s'), { config, backend: { kind: 'middle' } as never });
  const report = await evaluate(model, path.join(folder, 'people.json'), {
    dataset: { images: path.dirname(goldenImage('f_rgb_640x480.jpg')) },
  });
  expect(report.facts).toMatchObject({ task: 'keypoints', evaluated: 1 });
  const [{ result } = {}] = report.worst;
  const [first, second] = result?.people ?? [];
  for (const [found, x, y] of [
    [first, 140, 200],
    [second, 445, 270],
  ] as const) {
    for (const joint of found!.keypoints) {
      expect(Math.abs(joint.x - x)).toBeLessThan(3);
      expect(Math.abs(joint.y - y)).toBeLessThan(3);
    }
  }
  expect(report.figure('AP50')).toBe(1);
});
