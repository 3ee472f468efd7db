import path from 'node:path';
import { PaddleLabError } from '../../errors';
import type { ProgramFormat } from '../../inference/model-files';
import { readPreprocess } from '../../preprocess/registry';
import type { ModelSpec, Task } from '../spec';
import { readYaml, type YamlNode } from '../yaml-file';
import type { ModelLayout, ReadLayoutOptions } from './layout';

const config = 'infer_cfg.yml';

/** In the order in which the deploy scripts look for them. */
const programs: readonly { name: string; params: string; format: ProgramFormat }[] = [
  { name: 'model.pdmodel', params: 'model.pdiparams', format: 'pdmodel' },
  { name: 'model.json', params: 'model.pdiparams', format: 'json' },
  { name: 'inference.pdmodel', params: 'inference.pdiparams', format: 'pdmodel' },
  { name: 'inference.json', params: 'inference.pdiparams', format: 'json' },
];

/** Architectures whose outputs are plain boxes (and masks); matched as substrings, as the deploy script does. */
const boxArchitectures = [
  'YOLO',
  'PPYOLOE',
  'RCNN',
  'SSD',
  'Face',
  'FCOS',
  'TTFNet',
  'GFL',
  'CenterNet',
  'TOOD',
  'RetinaNet',
  'YOLOX',
  'YOLOF',
  'DETR',
];

/** PaddleDetection 2.x: `infer_cfg.yml` beside `model.pdmodel` or `model.json`. */
export const paddleDetection2: ModelLayout = {
  name: 'PaddleDetection 2.x',
  expects: 'infer_cfg.yml with model.pdmodel or model.json and model.pdiparams',
  recognises: (names) => names.has(config) && !names.has('__model__'),
  read: readModel,
};

async function readModel(
  directory: string,
  names: ReadonlySet<string>,
  options: ReadLayoutOptions,
): Promise<ModelSpec> {
  const file = path.join(directory, config);
  const root = await readYaml(file);
  const found = findProgram(directory, names, options.format);
  const arch = root.require('arch');
  return {
    family: 'PaddleDetection 2.x',
    task: taskOf(arch, root),
    arch: arch.string(),
    labels: root
      .require('label_list')
      .list()
      .map((node) => node.label()),
    preprocess: readPreprocess(root.require('Preprocess'), 'PaddleDetection 2.x', arch.string()),
    files: {
      directory,
      config: file,
      program: path.join(directory, found.name),
      params: path.join(directory, found.params),
      format: found.format,
    },
  };
}

function findProgram(
  directory: string,
  names: ReadonlySet<string>,
  format: ProgramFormat | undefined,
): (typeof programs)[number] {
  const wanted = programs.filter((program) => format === undefined || program.format === format);
  const found = wanted.find((program) => names.has(program.name));
  if (found === undefined) {
    throw new PaddleLabError(
      'MODEL_NOT_FOUND',
      `Expected ${wanted.map((program) => program.name).join(' or ')} in ${directory} but found ${[...names].join(', ')}`,
    );
  }
  return found;
}

function taskOf(arch: YamlNode, root: YamlNode): Task {
  const name = arch.string();
  if (!boxArchitectures.some((known) => name.includes(known))) {
    throw arch.error(
      `Architecture "${name}" is not supported yet; supported: ${boxArchitectures.join(', ')}`,
      'MODEL_UNSUPPORTED',
    );
  }
  return root.get('mask')?.boolean() ? 'instance-segmentation' : 'detection';
}
