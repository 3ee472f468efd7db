import path from 'node:path';
import { fixedInputSize } from '../../preprocess/network-geometry';
import type { ModelSpec } from '../../spec/spec';
import { taskForArchitecture } from '../../tasks/custom-task';
import { conventionsOf } from '../conventions';
import type { ModelConfig, ModelFolder } from '../layout';
import type { Family } from './family';
import { lineOrientation } from './line-orientation';
import { paddleClas } from './paddle-clas';
import { paddleDetection } from './paddle-detection';
import { paddleSeg } from './paddle-seg';
import { tableStructure } from './table-structure';
import { textDetection } from './text-detection';
import { textRecognition } from './text-recognition';
import { unwarping } from './unwarping';

/** The toolkits whose configurations are supported; the first match wins. To add one, only this list changes. */
const families: readonly Family[] = [
  paddleSeg,
  textDetection,
  textRecognition,
  lineOrientation,
  tableStructure,
  unwarping,
  paddleClas,
  paddleDetection,
];

/** Reads a configuration and combines it with the file locations. */
export async function describeModel(
  layout: string,
  config: ModelConfig,
  files: Omit<ModelSpec['files'], 'config'>,
  { assumedTask }: Pick<ModelFolder, 'assumedTask'>,
): Promise<ModelSpec> {
  const { root, file } = config;
  root.mapping();
  const family = families.find((candidate) => candidate.recognises(root));
  if (family === undefined) {
    const known = families.map((candidate) => `${candidate.expects} (${candidate.name})`).join('; or ');
    throw root.error(`Expected the keys of a model's configuration: ${known}`);
  }
  const description = await family.read(root, {
    directory: file === undefined ? undefined : path.dirname(file),
    modelDirectory: files.directory,
    oldProgram: path.basename(files.program) === '__model__' && family === paddleDetection && isOld(root),
    assumedTask,
    paddlex: file !== undefined && path.basename(file) === 'inference.yml' && namesModel(root),
  });
  const inputSize = fixedInputSize(description.preprocess);
  const customTask = taskForArchitecture(description.arch);
  const own = customTask === undefined ? {} : ({ task: 'custom', customTask } as const);
  const described = { layout, ...description, ...own, inputSize, files: { ...files, config: file } };
  return { ...described, conventions: conventionsOf(described) };
}

function namesModel(root: ModelConfig['root']): boolean {
  const { value } = root.get('Global') ?? {};
  return (
    typeof value === 'object' && value !== null && typeof (value as { model_name?: unknown }).model_name === 'string'
  );
}

/**
 * Paddle Serving stores 2.x programs as `__model__`, too; 1.x is recognised by a key and an operator that 2.x does not
 * have.
 */
function isOld(root: ModelConfig['root']): boolean {
  if (root.get('use_python_inference') !== undefined) return true;
  const steps = root.get('Preprocess')?.value;
  return Array.isArray(steps) && steps.some((step) => step?.type === 'Normalize');
}
