import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { type AnyModel, compareBackends, loadModel, predict } from '../../src';
import { checkModelFiles } from '../../src/inference/model-files';
import { makeFolder } from '../helpers/folders';
import { demoModel, projectRoot } from '../helpers/project';

const detector = demoModel('shapes_det_picodet');

const folders: string[] = [];
const models: AnyModel[] = [];
afterEach(async () => {
  for (const model of models.splice(0)) await model.dispose();
});
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

/** The output of Python's `pickle.dump({}, protocol=N)`. */
const pickle = (protocol: 2 | 4): Buffer =>
  Buffer.from(protocol === 2 ? '80027d71002e' : '80049502000000000000007d942e', 'hex');
/** A ZIP local header with a name, as written by torch.save since 1.6. */
function torchZip(name = 'archive/data.pkl'): Buffer {
  const header = Buffer.alloc(30);
  header.write('PK\u0003\u0004', 0, 'latin1');
  header.writeUInt16LE(name.length, 26);
  return Buffer.concat([header, Buffer.from(name), pickle(2)]);
}
const oldTorch = Buffer.from('80028a0a6cfc9c46f9206aa850192e', 'hex');
/** ir_version 8, producer_name "pytorch". */
const onnx = Buffer.concat([Buffer.from([0x08, 8, 0x12, 7]), Buffer.from('pytorch')]);
const safetensors = Buffer.concat([Buffer.from([2, 0, 0, 0, 0, 0, 0, 0]), Buffer.from('{}')]);

async function folderOf(files: Readonly<Record<string, string | Buffer>>): Promise<string> {
  const folder = await makeFolder();
  folders.push(folder);
  for (const [name, content] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), content);
  }
  return folder;
}

/** The demo detector with some files replaced; `undefined` removes one. */
async function detectorWith(files: Readonly<Record<string, string | Buffer | undefined>>): Promise<string> {
  const folder = await folderOf({});
  for (const name of ['model.pdmodel', 'model.pdiparams', 'infer_cfg.yml']) {
    if (!(name in files)) await copyFile(path.join(detector, name), path.join(folder, name));
  }
  for (const [name, content] of Object.entries(files)) {
    if (content !== undefined) await writeFile(path.join(folder, name), content);
  }
  return folder;
}

async function refusalOf(place: string, options: Parameters<typeof loadModel>[1] = {}): Promise<string> {
  const error: unknown = await loadModel(place, { engine: 'plain', ...options }).then(
    () => 'loaded',
    (failure: unknown) => failure,
  );
  expect(error).toMatchObject({ code: 'MODEL_UNSUPPORTED' });
  return (error as Error).message;
}

describe('training files in place of exported ones', () => {
  test.each([2, 4] as const)('a pickle of protocol %i as parameters: export it', async (protocol) => {
    const folder = await detectorWith({ 'model.pdiparams': pickle(protocol) });
    const text = await refusalOf(folder);
    expect(text).toMatch(/^Expected Paddle parameters \(\.pdiparams\) in .*model\.pdiparams but received a training/);
    expect(text).toContain('PaddleDetection: python tools/export_model.py -c CONFIG.yml -o weights=WEIGHTS');
    expect(text).not.toContain('PaddleSeg');
  });

  test('parameters that exist only as a checkpoint', async () => {
    const folder = await detectorWith({ 'model.pdiparams': undefined, 'model_final.pdparams': pickle(4) });
    expect(await refusalOf(folder)).toContain(
      `PaddleDetection: python tools/export_model.py -c CONFIG.yml -o weights=${folder}/model_final.pdparams`,
    );
  });

  test.each([
    ['the optimizer’s state', 'best.pdopt', /weights=\S+best\.pdparams/],
    ['weights', 'my best.pdparams', /weights='\S+my best\.pdparams'/],
  ])('a file in place of the folder: %s', async (_, name, command) => {
    const folder = await folderOf({ [name]: pickle(4) });
    const text = await refusalOf(path.join(folder, name));
    expect(text).toMatch(/but \S.* is a training checkpoint, which has weights but no network; export it/);
    expect(text).toMatch(command);
    expect(text.split('\n').map((line) => line.trim().split(':')[0])).toEqual([
      expect.stringContaining('Expected'),
      'PaddleDetection',
      'PaddleSeg',
      'PaddleClas',
    ]);
  });

  test.each([
    [
      'PaddleDetection',
      { '0.pdparams': '', 'model_final.pdparams': '', 'model_final.pdopt': '' },
      'tools/export_model.py -c CONFIG.yml -o weights=FOLDER/model_final.pdparams',
    ],
    [
      'PaddleSeg',
      { 'iter_100/model.pdparams': '', 'best_model/model.pdparams': '', 'best_model/model.pdopt': '' },
      'tools/export.py --config CONFIG.yml --model_path FOLDER/best_model/model.pdparams',
    ],
    [
      'PaddleClas',
      { 'MobileNetV3/epoch_1.pdparams': '', 'MobileNetV3/latest.pdparams': '', 'train.log': '' },
      'tools/export_model.py -c CONFIG.yaml -o Global.pretrained_model=FOLDER/MobileNetV3/latest',
    ],
  ])('a folder of training outputs of %s', async (toolkit, files, command) => {
    const folder = await folderOf(files);
    const text = await refusalOf(folder);
    expect(text).toContain(`Expected a model's exported folder but ${folder} holds a training checkpoint`);
    expect(text).toContain(`${toolkit}: python ${command.replace('FOLDER', folder)}`);
  });

  test('a configuration beside weights that were not exported', async () => {
    const config = await readFile(path.join(detector, 'infer_cfg.yml'));
    const folder = await folderOf({ 'infer_cfg.yml': config, 'best_model.pdparams': pickle(4) });
    expect(await refusalOf(folder)).toContain(`weights=${folder}/best_model.pdparams`);
  });

  test('the names for paddle.jit.load', async () => {
    const folder = await folderOf({ 'model.pdiparams.info': pickle(2) });
    const file = path.join(folder, 'model.pdiparams.info');
    expect(await refusalOf(file)).toMatch(/give the \.pdiparams file beside it/);
    const program = path.join(detector, 'model.pdmodel');
    await expect(checkModelFiles(program, file)).rejects.toThrow(/the names that paddle\.jit\.load reads/);
  });
});

describe('files of other frameworks', () => {
  test.each([
    ['torch.save', 'net.pth', torchZip(), /a file of PyTorch/],
    ['torch.save before 1.6', 'net.pt', oldTorch, /a file of PyTorch/],
    ['ONNX', 'net.onnx', onnx, /an ONNX network.*X2Paddle/],
    ['safetensors', 'net.safetensors', safetensors, /safetensors/],
    ['Paddle Lite', 'net.nb', Buffer.alloc(8), /Paddle Lite/],
  ])('%s: as a file, and in a folder', async (_, name, bytes, text) => {
    const folder = await folderOf({ [name]: bytes });
    expect(await refusalOf(path.join(folder, name))).toMatch(text);
    expect(await refusalOf(folder)).toMatch(text);
  });

  test.each([
    ['torch.save', torchZip(), /a file of PyTorch/],
    ['torch.save before 1.6', oldTorch, /a file of PyTorch/],
    ['ONNX', onnx, /an ONNX network/],
    ['safetensors', safetensors, /safetensors/],
    ['a ZIP archive', torchZip('model/model.pdmodel'), /a ZIP archive/],
  ])('%s under Paddle’s names', async (_, bytes, text) => {
    expect(await refusalOf(await detectorWith({ 'model.pdmodel': bytes }))).toMatch(text);
    expect(await refusalOf(await detectorWith({ 'model.pdiparams': bytes }))).toMatch(text);
  });
});

describe('folders of PaddleX 1 and 2', () => {
  const modelYml = (version: string, status: string): string =>
    `Model: FasterRCNN\nTransforms:\n- Normalize: {mean: [0, 0, 0]}\n_Attributes: {labels: [a]}\nstatus: ${status}\nversion: ${version}\n`;

  test.each([
    ['1', '1.3.11', '__model__', '__params__'],
    ['2', '2.1.0', 'model.pdmodel', 'model.pdiparams'],
  ])('an export of PaddleX %s', async (major, version, program, params) => {
    const folder = await folderOf({
      [program]: await readFile(path.join(detector, 'model.pdmodel')),
      [params]: await readFile(path.join(detector, 'model.pdiparams')),
      'model.yml': modelYml(version, 'Infer'),
    });
    const text = await refusalOf(folder);
    expect(text).toContain(`is a PaddleX ${major} folder (FasterRCNN), according to its model.yml`);
    expect(text).toMatch(/`config`.*task: 'tensors'/);
    // Both suggested ways.
    const tensors = await loadModel(folder, { task: 'tensors', engine: 'plain' });
    models.push(tensors);
    const configured = await loadModel(folder, { config: path.join(detector, 'infer_cfg.yml'), engine: 'plain' });
    models.push(configured);
    expect([tensors.kind, configured.kind]).toEqual(['tensors', 'detection']);
  });

  test('a training run', async () => {
    const folder = await folderOf({ 'model.pdparams': pickle(4), 'model.yml': modelYml('2.1.0', 'Normal') });
    expect(await refusalOf(folder)).toContain(`paddlex --export_inference --model_dir=${folder}`);
  });
});

describe('an unknown architecture', () => {
  async function renamed(): Promise<string> {
    const yaml = await readFile(path.join(detector, 'infer_cfg.yml'), 'utf8');
    return detectorWith({ 'infer_cfg.yml': yaml.replace('arch: GFL', 'arch: RTMDet') });
  }

  test('is refused with a solution, which works', async () => {
    const folder = await renamed();
    expect(await refusalOf(folder)).toMatch(
      /infer_cfg\.yml:5: arch: Architecture "RTMDet" is not known; .*task: 'detection'.*task: 'tensors'/,
    );
    const known = await loadModel(detector, { engine: 'plain', format: 'pdmodel' });
    const told = await loadModel(folder, { engine: 'plain', task: 'detection' });
    models.push(known, told);
    expect(told.kind).toBe('detection');
    expect(told.spec.arch).toBe('RTMDet');
    const image = path.join(projectRoot, 'notebooks/images/shapes.png');
    const found = await predict(told, image);
    expect(found.detections.length).toBeGreaterThan(0);
    const { timings: _, ...same } = await predict(known, image);
    expect(found).toMatchObject(same);
    const report = await compareBackends(told as never, image, {
      backends: ['plain'],
      runs: 1,
      warmup: 1,
      mode: 'endToEnd',
    });
    expect(report.measured).toHaveLength(1);
    expect(report.facts.task).toBe('detection');
  });

  test('a task other than the known one is still refused', async () => {
    expect(await refusalOf(detector, { task: 'keypoints' })).toMatch(/Expected a model for keypoints but/);
  });
});
