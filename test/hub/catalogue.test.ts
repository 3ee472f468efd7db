import { expect, test } from 'vitest';
import { describeModel, officialNames, sourcesOf } from '../../src/hub/catalogue/describe';
import { checkName, folderOfName } from '../../src/hub/resolve-model';
import { isOnPypi } from '../../src/hub/sources/pypi';
import { tasks } from '../../src/tasks/tasks';

test('every model has a source, a task that exists or a reason, and a name that is a name of a folder', () => {
  for (const name of officialNames) {
    const { runs, task, why, megabytes } = describeModel(name);
    expect(sourcesOf(name, isOnPypi), name).not.toEqual([]);
    expect(runs === 'predict' ? task !== null && tasks.includes(task as never) : why !== '', name).toBe(true);
    expect(megabytes === null || megabytes > 0, name).toBe(true);
    expect(name).toMatch(/^[\w.-]+$/);
  }
});

test.each([
  ['PicoDet-S', 'predict', 'detection', 'json'],
  ['PP-LiteSeg-T', 'predict', 'semantic-segmentation', 'json'],
  ['PP-TinyPose_128x96', 'predict', 'keypoints', 'json'],
  ['PP-ShiTuV2_rec', 'tensors', null, 'json'],
  ['PP-OCRv5_server_rec', 'predict', 'text-recognition', 'json'],
  ['UVDoc', 'predict', 'image-unwarping', 'json'],
  ['ch_ppocr_mobile_v2.0_cls', 'predict', 'classification', 'pdmodel'],
  ['PaddleOCR-VL', 'no', null, null],
] as const)('%s: %s', (name, runs, task, format) => {
  expect(describeModel(name)).toMatchObject({ runs, task, format });
});

test.each([
  ['PicoDet-SS', /did you mean PicoDet-S, PicoDet-XS/],
  ['PP-OCRv5_mobile_detect', /did you mean PP-OCRv5_mobile_det/],
  ['picodet', /did you mean PicoDet-/],
  ['no such thing', /received "no such thing"; `paddlelab models search`/],
])('a name that does not exist: %s', (name, text) => {
  expect(() => checkName(name)).toThrow(text);
});

test('a misspelt name in place of a folder has the nearest ones, too', async () => {
  await expect(folderOfName('PicoDet-SS', undefined)).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' });
});

test.each([
  'nowhere',
  'model',
  'models/PicoDet-S',
  './PicoDet-S',
  '/PicoDet-S',
  '~/m',
  'a\\b',
  'infer_cfg.yml',
  'model.pdmodel',
  'file:///m',
])('%s is not like a name', async (input) => {
  expect(await folderOfName(input, undefined)).toBeUndefined();
});
