import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadModel, predict, withModel } from '../../src';
import { makeFolder } from '../helpers/folders';
import { demoModel, projectRoot } from '../helpers/project';

const picodet = demoModel('shapes_det_picodet');

/** A copy of the demo detector with its configuration edited. */
async function modelWith(edit: (yaml: string) => string): Promise<string> {
  const folder = makeFolder();
  await cp(picodet, folder, { recursive: true });
  const config = path.join(folder, 'infer_cfg.yml');
  await writeFile(config, edit(await readFile(config, 'utf8')));
  return folder;
}

test("reads the model's specification from the folder", async () => {
  const model = await loadModel(picodet, { engine: 'plain' });
  expect(model.kind).toBe('detection');
  expect(model.spec).toMatchObject({
    family: 'PaddleDetection 2.x',
    arch: 'GFL',
    labels: ['circle', 'square', 'triangle', 'star', 'heart'],
    files: { format: 'pdmodel' },
  });
  expect(model.spec.preprocess.map((step) => step.type)).toEqual(['Resize', 'NormalizeImage', 'Permute']);
  expect(model.runtime).toMatchObject({ paddle: '3.3.1', device: 'cpu', engine: 'plain', precision: 'fp32' });
  await model.dispose();
});

test('loads the requested program if the folder has both', async () => {
  const model = await loadModel(picodet, { format: 'json' });
  expect(model.spec.files.program).toMatch(/model\.json$/);
  await model.dispose();
});

test('withModel disposes the model, also when its function fails', async () => {
  const model = await withModel(picodet, async (used) => used, { engine: 'plain' });
  await expect(predict(model, path.join(projectRoot, 'notebooks/images/shapes.png'))).rejects.toMatchObject({
    code: 'DISPOSED',
  });
  await expect(withModel(picodet, () => Promise.reject(new Error('mine')), { engine: 'plain' })).rejects.toThrow(
    'mine',
  );
});

describe('options are checked before anything is read', () => {
  test.each<[object, string, RegExp]>([
    [{ engin: 'plain' }, 'UNKNOWN_OPTION', /Unknown option "engin" for loadModel; did you mean "engine"\?/],
    [{ engine: 'mkl' }, 'INVALID_ARGUMENT', /Expected one of "plain", .* for engine but received "mkl" \(string\)/],
    [{ threads: '4' }, 'INVALID_ARGUMENT', /Expected integer ≥ 1 for threads but received "4" \(string\)/],
    [{ threads: 0 }, 'INVALID_ARGUMENT', /Expected integer ≥ 1 for threads but received 0 \(number\)/],
    [
      { device: 'tpu' },
      'INVALID_ARGUMENT',
      /Expected "cpu", "gpu" or "gpu:N" for device but received "tpu" \(string\)/,
    ],
    [{ precision: 'fp8' }, 'INVALID_ARGUMENT', /for precision but received "fp8"/],
    [{ engine: 'plain', precision: 'fp16' }, 'ENGINE_UNAVAILABLE', /Engine "plain" has no precision "fp16"/],
    [{ device: 'gpu' }, 'DEVICE_UNAVAILABLE', /npx paddlelab runtime install --gpu/],
  ])('%j', async (options, code, message) => {
    const failure = loadModel(picodet, options);
    await expect(failure).rejects.toMatchObject({ name: 'PaddleLabError', code });
    await expect(failure).rejects.toThrow(message);
  });
});

describe('a folder that is not a model', () => {
  test('does not exist', async () => {
    await expect(loadModel('no/such/folder')).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
  });

  test('has no known files', async () => {
    const failure = loadModel(path.join(projectRoot, 'notebooks/images'));
    await expect(failure).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' });
    await expect(failure).rejects.toThrow(
      /it contains 01-quickstart\.png, .*letter\.png, page\.png, report\.png, shapes\.png.*infer_cfg\.yml with model\.pdmodel/s,
    );
  });

  test('has a configuration but no program', async () => {
    const folder = await modelWith((yaml) => yaml);
    await rm(path.join(folder, 'model.pdmodel'));
    await rm(path.join(folder, 'model.json'));
    await expect(loadModel(folder)).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' });
  });
});

describe('a damaged configuration names file, line and key', () => {
  test.each<[string, (yaml: string) => string, string, RegExp]>([
    [
      'broken YAML',
      (yaml) => yaml.replace('arch: GFL', 'arch: [GFL'),
      'CONFIG_INVALID',
      /infer_cfg\.yml:\d+: Expected YAML/,
    ],
    ['no arch', (yaml) => yaml.replace('arch: GFL\n', ''), 'CONFIG_INVALID', /infer_cfg\.yml:1: Expected key "arch"/],
    [
      'a size that is text',
      (yaml) => yaml.replace('  - 256\n', '  - wide\n'),
      'CONFIG_INVALID',
      /infer_cfg\.yml:11: Preprocess\[0\]\.target_size\[0\]: Expected number .* received "wide" \(string\)/,
    ],
    [
      'a size beyond all limits',
      (yaml) => yaml.replace('  - 256\n', '  - 1000000000\n'),
      'CONFIG_INVALID',
      /infer_cfg\.yml:11: Preprocess\[0\]\.target_size\[0\]: Expected number from 1 to 16384/,
    ],
    [
      'an unknown operator',
      (yaml) => yaml.replace('type: NormalizeImage', 'type: NormaliseImage'),
      'MODEL_UNSUPPORTED',
      /infer_cfg\.yml:\d+: Preprocess\[1\]\.type: Unknown preprocessing operator "NormaliseImage"; did you mean "NormalizeImage"\?/,
    ],
    [
      'an unknown key',
      (yaml) => yaml.replace('keep_ratio', 'keepratio'),
      'CONFIG_INVALID',
      /Preprocess\[0\]: Unknown key "keepratio" for Resize; known: target_size, keep_ratio, interp/,
    ],
    ['a standard deviation of 0', (yaml) => yaml.replace('- 0.229', '- 0'), 'CONFIG_INVALID', /Preprocess\[1\]\.std/],
    [
      'an unsupported architecture',
      (yaml) => yaml.replace('arch: GFL', 'arch: RTMDet'),
      'MODEL_UNSUPPORTED',
      /infer_cfg\.yml:5: arch: Architecture "RTMDet" is not known/,
    ],
    ...['JDE', 'FairMOT', 'DeepSORT', 'CenterTrack'].map((name): [string, (yaml: string) => string, string, RegExp] => [
      `${name}, a tracker's own architecture`,
      (yaml) => yaml.replace('arch: GFL', `arch: ${name}`),
      'MODEL_UNSUPPORTED',
      new RegExp(
        `arch: Architecture "${name}" belongs to a tracker .* follow the boxes of a detector instead .*\`track\``,
      ),
    ]),
    [
      'a YAML bomb',
      (yaml) => `bomb: &a [1, 1]\nb: [${Array.from({ length: 200 }, () => '*a').join(', ')}]\n${yaml}`,
      'CONFIG_INVALID',
      /infer_cfg\.yml/,
    ],
  ])('%s', async (_, edit, code, message) => {
    const failure = loadModel(await modelWith(edit));
    await expect(failure).rejects.toMatchObject({ name: 'PaddleLabError', code });
    await expect(failure).rejects.toThrow(message);
  });
});

test('labels keep their text even if it looks like a number', async () => {
  const model = await loadModel(await modelWith((yaml) => yaml.replace('- circle', '- 7').replace('- square', '- no')));
  expect(model.spec.labels.slice(0, 3)).toEqual(['7', 'false', 'triangle']);
  await model.dispose();
});
