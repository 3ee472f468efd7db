import path from 'node:path';
import { PaddleLabError } from '../../errors';
import { statIfThere } from '../../files/fs';
import { resolvePath } from '../../image/image';
import { readYaml } from '../../yaml/yaml-file';
import type { FlagValues } from './flag';
import { readPython } from './python-literal';

/**
 * The content of a configuration of PaddleClas' deploy script, apart from the model: flags, and the model's own steps.
 */
export interface ClassifierConfig {
  /** By paddlelab's flag names; the command line has precedence. */
  readonly values: FlagValues;
  /** `PreProcess` and `PostProcess`, for `loadModel`. */
  readonly config: object;
}

type Tree = { [key: string]: unknown };

/** Keys of `Global` and the corresponding flags; other keys are ignored. */
const flagOf: Readonly<Record<string, string>> = {
  inference_model_dir: 'model-dir',
  infer_imgs: 'image-path',
  batch_size: 'batch-size',
  use_gpu: 'use-gpu',
  enable_mkldnn: 'enable-mkldnn',
  cpu_num_threads: 'cpu-threads',
  use_tensorrt: 'use-trt',
  benchmark: 'run-benchmark',
  model_name: 'model-name',
};

/**
 * Reads the YAML file of `predict_cls.py` with `-o` overrides; undefined for another kind of file, such as PaddleSeg's
 * deploy.yaml, if there are no overrides.
 *
 * @throws PaddleLabError FILE_NOT_FOUND, CONFIG_INVALID, INVALID_ARGUMENT
 */
export async function readClassifierConfig(
  file: string | undefined,
  overrides: readonly string[],
): Promise<ClassifierConfig | undefined> {
  if (file === undefined) {
    if (overrides.length === 0) return undefined;
    throw new PaddleLabError(
      'INVALID_ARGUMENT',
      '-o changes a value of a configuration; set the configuration with --config',
    );
  }
  const target = resolvePath(file);
  const found = await statIfThere(target);
  if (found === undefined) return undefined;
  if (!found.isFile()) return another(file, 'a folder', overrides);
  const root = (await readYaml(target)).mapping() as Tree;
  if (typeof (root.Global as Tree | undefined)?.inference_model_dir !== 'string') {
    return another(file, 'another', overrides);
  }
  for (const override of overrides) change(root, override);
  const { Global, PreProcess, PostProcess } = root as { Global: Tree; PreProcess: unknown; PostProcess: unknown };
  const values = Object.entries(flagOf).flatMap(([key, flag]): [string, unknown][] =>
    Global[key] === undefined || Global[key] === null ? [] : [[flag, Global[key]]],
  );
  if (Global.use_fp16 === true) values.push(['precision', 'fp16']);
  const model = await findModel(String(Global.inference_model_dir), target);
  return {
    values: { ...Object.fromEntries(values), 'model-dir': model } as FlagValues,
    config: { PreProcess, PostProcess },
  };
}

function another(file: string, kind: string, overrides: readonly string[]): undefined {
  if (overrides.length === 0) return undefined;
  throw new PaddleLabError('INVALID_ARGUMENT', `-o needs a configuration of PaddleClas, but ${file} is ${kind}`);
}

/** The script runs in the parent folder of the configurations, and the model's path is relative to it. */
async function findModel(named: string, file: string): Promise<string> {
  const candidates = [resolvePath(named), path.resolve(path.dirname(file), named)];
  for (const candidate of candidates) {
    if ((await statIfThere(candidate))?.isDirectory()) return candidate;
  }
  return named;
}

/** `Global.batch_size=2`, `PreProcess.transform_ops.1.CropImage.size=64`. */
function change(root: Tree, override: string): void {
  const [keys = '', value, ...others] = override.split('=');
  if (value === undefined || others.length > 0) {
    throw new PaddleLabError('INVALID_ARGUMENT', `Expected -o key.key=value but received "${override}"`);
  }
  const parents = keys.split('.');
  const last = parents.pop() as string;
  let place: unknown = root;
  for (const key of parents) place = isTree(place) && Object.hasOwn(place, key) ? place[key] : undefined;
  if (!isTree(place) || last === '__proto__') {
    throw new PaddleLabError('INVALID_ARGUMENT', `The configuration has no ${parents.join('.')} (-o ${override})`);
  }
  place[last] = readPython(value);
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null;
}
