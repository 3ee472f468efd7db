import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { compareBackends, loadModel, predict, withModel } from '../../src';
import { readProgram } from '../../src/inference/model-files';
import { readModelSpec } from '../../src/layouts/layouts';
import { makeFolder } from '../helpers/folders';
import { demoModel, projectRoot } from '../helpers/project';

const image = path.join(projectRoot, 'notebooks/images/shapes.png');
const picodet = demoModel('shapes_det_picodet');

/** A folder with these files, given as text. */
async function folderOf(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = makeFolder();
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), text);
  }
  return folder;
}

/** The demo detector with renamed files. */
async function renamed(names: Readonly<Record<string, string>>): Promise<string> {
  const folder = await folderOf({});
  for (const [from, to] of Object.entries(names)) {
    await mkdir(path.dirname(path.join(folder, to)), { recursive: true });
    await copyFile(path.join(picodet, from), path.join(folder, to));
  }
  return folder;
}

const detection1 = `
arch: RCNN
label_list: [background, person, car]
mask_resolution: 28
min_subgraph_size: 40
use_python_inference: false
Preprocess:
- {type: Normalize, mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225], is_scale: true, is_channel_first: false}
- {type: Resize, target_size: 800, max_size: 1333, interp: 1, use_cv2: true}
- {type: Permute, to_bgr: false, channel_first: true}
- {type: PadStride, stride: 32}
`;
const detectionX = `
Global: {model_name: RT-DETR-L}
Hpi: {backend_configs: {paddle_infer: {trt_dynamic_shapes: {image: [[1, 3, 640, 640], [1, 3, 640, 640], [8, 3, 640, 640]]}}}}
arch: DETR
min_subgraph_size: 3
draw_threshold: 0.4
use_dynamic_shape: false
Preprocess:
- {interp: 2, keep_ratio: false, target_size: &id001 [640, 640], type: Resize}
- {size: *id001, fill_value: [114.0, 114.0, 114.0], type: Pad}
- {mean: [0.0, 0.0, 0.0], std: [1.0, 1.0, 1.0], norm_type: none, type: NormalizeImage}
- {type: Permute}
label_list: [person, bicycle]
`;
const segmentation = `
Deploy:
  model: model.pdmodel
  params: model.pdiparams
  input_shape: [-1, 3, -1, -1]
  output_op: argmax
  output_dtype: int32
  transforms:
  - {type: Resize, target_size: [512, 256]}
  - type: Normalize
`;
const classification = `
Global: {infer_imgs: ./a.jpg, inference_model_dir: ./models, batch_size: 1}
PreProcess:
  transform_ops:
  - ResizeImage: {resize_short: 256}
  - CropImage: {size: 224}
  - NormalizeImage: {scale: 1.0/255.0, mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225], order: "", channel_num: 3}
  - ToCHWImage:
PostProcess:
  main_indicator: Topk
  Topk: {topk: 5, class_id_map_file: ../images/labels.txt}
`;
const keypoints = `
arch: HRNet
min_subgraph_size: 3
Preprocess:
- {type: TopDownEvalAffine, trainsize: [192, 256]}
- {is_scale: true, mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225], type: NormalizeImage}
- {type: Permute}
label_list: [keypoint]
`;

describe('a folder layout is recognised', () => {
  test.each([
    [
      'PaddleDetection 1.x',
      { 'infer_cfg.yml': detection1, __model__: '', __params__: '' },
      {
        ...{ family: 'PaddleDetection 1.x', task: 'instance-segmentation', arch: 'RCNN', inputSize: undefined },
        ...{ labels: ['background', 'person', 'car'], outputs: { maskResolution: 28 } },
      },
    ],
    [
      'PaddleDetection 2.x',
      { 'infer_cfg.yml': keypoints, 'model.json': '', 'model.pdiparams': '', 'model.pdiparams.info': '' },
      { family: 'PaddleDetection 2.x', task: 'keypoints', inputSize: [256, 192], files: { format: 'json' } },
    ],
    [
      'PaddleX',
      { 'inference.yml': detectionX, 'inference.json': '', 'inference.pdiparams': '' },
      { family: 'PaddleX', task: 'detection', arch: 'DETR', inputSize: [640, 640], outputs: { threshold: 0.4 } },
    ],
    [
      'PaddleSeg',
      // Exports under Paddle 3 name a program that does not exist.
      { 'deploy.yaml': segmentation, 'model.json': '', 'model.pdiparams': '' },
      {
        task: 'semantic-segmentation',
        family: 'PaddleSeg',
        inputSize: [256, 512],
        labels: [],
        files: { format: 'json' },
      },
    ],
    [
      'PaddleSeg',
      {
        'deploy.yaml': segmentation.replace(/transforms:.*/s, 'transforms:\n'),
        'model.pdmodel': '',
        'model.pdiparams': '',
      },
      { task: 'semantic-segmentation', inputSize: undefined },
    ],
    [
      'PaddleX',
      { 'inference.yml': `Global: {model_name: PP-LiteSeg-T}${segmentation}`, 'inference.pdmodel': '' },
      { family: 'PaddleX', task: 'semantic-segmentation' },
    ],
    [
      'PaddleX',
      {
        'inference.yml': classification.replace('Global: {', 'Global: {model_name: PP-LCNet_x1_0, '),
        'inference.json': '',
      },
      { family: 'PaddleX', task: 'classification', arch: 'PP-LCNet_x1_0' },
    ],
    [
      // PaddleX refuses a model without its model name; the deploy scripts accept it.
      'PaddleSeg',
      { 'inference.yml': segmentation, 'inference.pdmodel': '', 'inference.pdiparams': '' },
      { family: 'PaddleSeg', task: 'semantic-segmentation' },
    ],
    [
      'PaddleDetection 1.x',
      { 'infer_cfg.yml': detection1, __model__: '', conv_w: '' },
      { family: 'PaddleDetection 1.x', files: { format: 'pdmodel' } },
    ],
    [
      'PaddleClas',
      {
        'inference.yml': classification,
        'inference.pdmodel': '',
        'inference.pdiparams': '',
        'labels.txt': '0 tench\n2 shark, great\n',
      },
      {
        ...{ task: 'classification', family: 'PaddleClas', inputSize: [224, 224] },
        ...{ labels: ['tench', '1', 'shark, great'], outputs: { classification: { type: 'Topk', topk: 5 } } },
      },
    ],
    [
      'Program without configuration',
      { 'inference.pdmodel': '', 'inference.pdiparams': '' },
      { task: 'tensors', family: 'unknown', files: { config: undefined } },
    ],
    [
      'Paddle Serving',
      {
        'serving_server/serving_server_conf.prototxt': '',
        'serving_server/model.pdmodel': '',
        'serving_server/params.pdiparams': '',
      },
      { task: 'tensors' },
    ],
    [
      'Paddle Serving',
      { 'infer_cfg.yml': keypoints, 'serving_server/__model__': '', 'serving_server/__params__': '' },
      { task: 'keypoints', family: 'PaddleDetection 2.x' },
    ],
  ])('%s %#', async (layout, files, expected) => {
    expect(await readModelSpec(await folderOf(files as unknown as Record<string, string>))).toMatchObject({
      layout,
      ...expected,
    });
  });

  test('serving exports next to the usual files do not take precedence', async () => {
    const folder = await renamed({
      ...{ 'infer_cfg.yml': 'infer_cfg.yml', 'model.pdmodel': 'model.pdmodel', 'model.pdiparams': 'model.pdiparams' },
      ...{ 'model.json': 'serving_server/__model__' },
    });
    expect((await readModelSpec(folder)).layout).toBe('PaddleDetection 2.x');
  });

  test('a YAML file of PaddleClas names the folder of its model', async () => {
    const folder = await folderOf({ 'inference_cls.yaml': classification, 'models/inference.pdmodel': '' });
    const spec = await readModelSpec(path.join(folder, 'inference_cls.yaml'));
    expect(spec).toMatchObject({
      task: 'classification',
      labels: [],
      files: { directory: path.join(folder, 'models') },
    });
    const lost = await folderOf({ 'inference_cls.yaml': classification });
    await expect(readModelSpec(path.join(lost, 'inference_cls.yaml'))).rejects.toThrow(
      /inference_cls\.yaml:2: Global\.inference_model_dir: Expected a model's folder but \.\/models does not exist/,
    );
    await expect(readModelSpec(path.join(folder, 'models/inference.pdmodel'))).rejects.toMatchObject({
      code: 'MODEL_NOT_FOUND',
    });
  });

  test.each([
    ['an encrypted export', { 'serving_server/encrypt_model': '', 'serving_server/key': '' }, /is encrypted/],
    [
      'another network of PaddleOCR',
      {
        'inference.yml': 'PreProcess: {transform_ops: []}\nPostProcess: {name: SRNLabelDecode}',
        'inference.json': '',
      },
      /inference\.yml:2: PostProcess\.name: PaddleOCR's "SRNLabelDecode" is not supported; supported: DBPostProcess, /,
    ],
    [
      'attributes',
      {
        'inference.yml': classification.replace(/PostProcess:.*/s, 'PostProcess: {PersonAttribute: {threshold: 0.5}}'),
        'inference.json': '',
      },
      /PostProcess\.PersonAttribute: Post-processing "PersonAttribute" is not supported yet; supported: Topk/,
    ],
  ])('%s is refused by name', async (_, files, message) => {
    const failure = readModelSpec(await folderOf(files as unknown as Record<string, string>));
    await expect(failure).rejects.toMatchObject({ code: 'MODEL_UNSUPPORTED' });
    await expect(failure).rejects.toThrow(message);
  });
});

describe('the model is the same in every layout', () => {
  async function find(place: string, options: object = {}) {
    const load = { engine: 'plain', threads: 1, task: 'detection', ...options } as const;
    const model = await loadModel(place, load);
    const { detections } = await predict(model, image);
    await model.dispose();
    return detections;
  }
  const usual = { 'model.pdmodel': 'model.pdmodel', 'model.pdiparams': 'model.pdiparams' };

  test.each([
    [
      'PaddleX',
      { 'infer_cfg.yml': 'inference.yml', 'model.json': 'inference.json', 'model.pdiparams': 'inference.pdiparams' },
      '.',
    ],
    [
      'Serving',
      {
        'infer_cfg.yml': 'infer_cfg.yml',
        'model.pdmodel': 'serving_server/__model__',
        'model.pdiparams': 'serving_server/__params__',
        'model.json': 'serving_server/serving_server_conf.prototxt',
      },
      'serving_server',
    ],
    ['a YAML file of any name', { 'infer_cfg.yml': 'mine.yaml', ...usual }, 'mine.yaml'],
  ])('%s', async (_, names, place) => {
    const expected = await find(picodet);
    const folder = await renamed(names);
    const found = await find(path.join(folder, place));
    expect(found.map(({ label }) => label)).toEqual(expected.map(({ label }) => label));
    found.forEach((detection, i) => {
      expect(detection.box).toEqual(expected[i]!.box.map((value) => expect.closeTo(value, 2)));
    });
  });

  test('one file per parameter, as in Paddle 1.x', async () => {
    const folder = await renamed({ 'infer_cfg.yml': 'infer_cfg.yml', 'model.pdmodel': '__model__' });
    const { outline } = await readProgram(path.join(folder, '__model__'));
    const params = await readFile(path.join(picodet, 'model.pdiparams'));
    let start = 0;
    for (const { name, shape } of outline.parameters) {
      // Version, levels, version, and the length of the description, which precede the values.
      const end = start + 20 + params.readInt32LE(start + 16) + 4 * shape.reduce((product, side) => product * side, 1);
      await writeFile(path.join(folder, name), params.subarray(start, end));
      start = end;
    }
    expect(start).toBe(params.length);
    expect(await find(folder)).toEqual(await find(picodet));
    const report = await compareBackends(folder, image, { backends: ['plain', 'onednn'], runs: 3 });
    expect(report.rows.map(({ kind }) => kind)).toEqual(['measured', 'measured']);
    await rm(path.join(folder, outline.parameters[0]!.name));
    const failure = find(folder);
    await expect(failure).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
    await expect(failure).rejects.toThrow(/Expected __params__, or a file for each parameter, beside .*__model__/);
  });

  test('a relative path, a file: URL', async () => {
    const expected = await find(picodet);
    expect(await find(path.relative(process.cwd(), picodet))).toEqual(expected);
    expect(await find(pathToFileURL(picodet).href)).toEqual(expected);
  });

  test('without YAML: a configuration as an object or as a file', async () => {
    const bare = await renamed(usual);
    const config = {
      arch: 'GFL',
      label_list: ['circle', 'square', 'triangle', 'star', 'heart'],
      Preprocess: [
        { type: 'Resize', target_size: [256, 256], keep_ratio: false, interp: 2 },
        { type: 'NormalizeImage', mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] },
        { type: 'Permute' },
      ],
    };
    const expected = await find(picodet);
    expect(await find(bare, { config })).toEqual(expected);
    expect(await find(bare, { config: path.join(picodet, 'infer_cfg.yml') })).toEqual(expected);
    await expect(find(bare, { config: { ...config, arch: 7 } })).rejects.toThrow(/config:2: arch: Expected string/);
    await expect(find(bare, { config: 'no.yml' })).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
    const report = await compareBackends(bare, image, { config, backends: ['plain'], runs: 3 });
    expect(report.rows[0]).toMatchObject({ agreement: { matched: expected.length } });
  });

  test('without any configuration: tensors', async () => {
    await withModel(await renamed(usual), async (model) => {
      expect(model.kind).toBe('tensors');
      await expect(predict(model, image)).rejects.toThrow(/give loadModel a config/);
    });
    // Any model returns its tensors on request.
    await withModel(
      picodet,
      async (model) => {
        const result = await predict(model, image);
        expect(result.kind).toBe('tensors');
        expect(result.raw!.outputs[0]!.shape).toEqual([100, 6]);
        expect(JSON.parse(JSON.stringify(result))).toMatchObject({ outputs: ['float32[100,6]', 'int32[1]'] });
      },
      { task: 'tensors' },
    );
  });

  test('a task that the model does not have is refused', async () => {
    const failure = loadModel(picodet, { task: 'classification' });
    await expect(failure).rejects.toThrow(/Expected a model for classification but .* is for detection/);
    await expect(loadModel(picodet, { task: 'detect' as 'detection' })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    });
  });
});
