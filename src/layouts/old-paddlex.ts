import path from 'node:path';
import { PaddleLabError } from '../errors';
import { readYaml } from '../yaml/yaml-file';
import { bare, describeTensors } from './bare';
import type { ModelFolder, ModelLayout } from './layout';
import { classificationPrograms, findProgram, holdsProgram, oldPrograms } from './programs';

const file = 'model.yml';
const programs = [...classificationPrograms, ...oldPrograms];

/**
 * PaddleX 1 and 2: `model.yml` beside `__model__` or `model.pdmodel`. Their transforms are not supported, so the model
 * is refused unless the user gives a configuration or requests tensors.
 */
export const oldPaddlex: ModelLayout = {
  name: 'PaddleX 1 or 2',
  expects: 'model.yml; only with your own configuration',
  recognises: (names) => names.has(file),
  async read(folder) {
    if (!holdsProgram(folder.names, programs)) throw await refusal(folder, trained);
    if (folder.config !== undefined) return bare.read(folder);
    if (folder.assumedTask === 'tensors') return describeTensors(this.name, await findProgram(folder, programs));
    throw await refusal(folder, exported);
  },
};

const ways =
  "pass its settings to loadModel as `config`, with the keys of infer_cfg.yml, deploy.yaml or PaddleClas' " +
  "inference_cls.yaml, or use the raw tensors with task: 'tensors'";

function exported(): string {
  return `whose preprocessing is not supported: ${ways}; or export the network with PaddleX 3 or its toolkit`;
}

function trained(directory: string): string {
  return (
    'which has a training checkpoint but no exported network; export it with ' +
    `\`paddlex --export_inference --model_dir=${directory} --save_dir=OUT\`, and then ${ways}`
  );
}

async function refusal({ directory }: ModelFolder, text: (directory: string) => string): Promise<PaddleLabError> {
  const root = await readYaml(path.join(directory, file));
  const named = (key: string): string | undefined => root.get(key)?.label();
  const version = named('version');
  const major = version === undefined ? '1 or 2' : version.split('.', 1)[0];
  const network = named('Model') === undefined ? '' : ` (${named('Model')})`;
  return new PaddleLabError(
    'MODEL_UNSUPPORTED',
    `${directory} is a PaddleX ${major} folder${network}, according to its ${file}, ${text(directory)}`,
  );
}
